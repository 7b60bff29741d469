/** Names of kernel parameters (sysctl(8), proc_sys(5)). */

/**
 * The file of a parameter below /proc/sys, or `undefined` when the name would lead elsewhere.
 *
 * Both `net.ipv4.ip_forward` and `net/ipv4/ip_forward` are names. Whichever separator comes first
 * is the separator, and the other stands for it inside of a part: `net.ipv4.conf.eth0/1.rp_filter`
 * and `net/ipv4/conf/eth0.1/rp_filter` are the same file.
 */
export function sysctlFile(name: string): string | undefined {
  const file = /^[^/]*\./.test(name) ? name.replace(/[./]/g, swapSeparator) : name;
  const parts = file.split('/');
  const leadsAway = parts.some((part) => part === '' || part === '.' || part === '..');
  return leadsAway ? undefined : file;
}

function swapSeparator(separator: string): string {
  return separator === '.' ? '/' : '.';
}
