/** Whether a host is this machine itself, so that nobody can listen on the way (RFC 6761, 6.3). */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  return hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
