/** A conversation with the kernel's routing subsystem: one request, its answers, its verdict. */
import {
  AF_NETLINK,
  ERRNO,
  NETLINK_ROUTE,
  SOCK_RAW,
  socket,
  syscall,
  SyscallError,
  type Descriptor,
} from '../../sys/index.ts';
import {
  decodeAttributes,
  decodeMessages,
  encodeMessage,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  textOf,
  type Message,
} from './message.ts';

/**
 * An AF_NETLINK socket. It belongs to the network namespace in which it was made, wherever it is
 * used (man 7 network_namespaces). Every call waits for the kernel, which answers at once.
 */
export class RouteSocket implements Disposable {
  readonly #socket: Descriptor;
  #sequence = 0;

  /** @param made a NETLINK_ROUTE socket from another namespace; else one of this thread's. */
  constructor(made: Descriptor = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)) {
    this.#socket = made;
    // The verdict then comes with a sentence, and without a copy of the request.
    this.#set(NETLINK_EXT_ACK);
    this.#set(NETLINK_CAP_ACK);
  }

  /** Asks for a change. @throws SyscallError with the kernel's errno and sentence. */
  change(what: string, type: number, body: Buffer, flags = 0): void {
    this.#talk(what, type, NLM_F_REQUEST | NLM_F_ACK | flags, body);
  }

  /** Asks for one thing. @throws SyscallError, ENODEV where there is no such device. */
  get(what: string, type: number, body: Buffer): Buffer {
    const [answer] = this.#talk(what, type, NLM_F_REQUEST | NLM_F_ACK, body);
    if (answer === undefined) throw new SyscallError(what, ERRNO.ENODEV);
    return answer.body;
  }

  /** Asks for everything of a kind, again where the kernel says that it changed meanwhile. */
  list(what: string, type: number, body: Buffer): Buffer[] {
    for (;;) {
      const answers = this.#talk(what, type, NLM_F_REQUEST | NLM_F_DUMP, body);
      const changed = answers.some(({ flags }) => (flags & NLM_F_DUMP_INTR) !== 0);
      if (!changed) return answers.slice(0, -1).map((answer) => answer.body);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  /** One request; the answers of a dump end with the NLMSG_DONE. */
  #talk(what: string, type: number, flags: number, body: Buffer): Message[] {
    this.#sequence += 1;
    const request = encodeMessage({ type, flags, sequence: this.#sequence, body });
    syscall('sendto', this.#socket.fd, request, request.length, 0, null, 0);
    const answers: Message[] = [];
    for (;;) {
      for (const message of this.#receive()) {
        if (message.sequence !== this.#sequence) continue;
        if (message.type === NLMSG_ERROR) return accepted(what, message, answers);
        answers.push(message);
        if (message.type === NLMSG_DONE) return answers;
      }
    }
  }

  /** Takes messages of the kernel only, whose port is 0; any process could send to ours. */
  #receive(): Message[] {
    const buffer = Buffer.alloc(RECEIVE_SIZE);
    const sender = Buffer.alloc(SOCKADDR_NL_SIZE);
    const size = Buffer.from([SOCKADDR_NL_SIZE, 0, 0, 0]);
    const length = syscall('recvfrom', this.#socket.fd, buffer, buffer.length, 0, sender, size);
    return sender.readUInt32LE(4) === 0 ? decodeMessages(buffer.subarray(0, length)) : [];
  }

  #set(option: number): void {
    const on = Buffer.from([1, 0, 0, 0]);
    syscall('setsockopt', this.#socket.fd, SOL_NETLINK, option, on, on.length);
  }
}

const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NLMSGERR_ATTR_MSG = 1;

/** `struct sockaddr_nl`: u16 family, u16 padding, u32 port, u32 groups. */
const SOCKADDR_NL_SIZE = 12;

/** What the kernel makes room for in one part of a dump (man 7 netlink). */
const RECEIVE_SIZE = 32 * 1024;

/** Where the attributes of a verdict begin: after the errno and the request's header. */
const VERDICT_SIZE = 4 + 16;

/** `struct nlmsgerr`: an errno, 0 for "done", and the header of the request; then attributes. */
function accepted(what: string, { body }: Message, answers: Message[]): Message[] {
  const errno = -body.readInt32LE(0);
  if (errno === 0) return answers;
  const sentence = decodeAttributes(body.subarray(VERDICT_SIZE)).get(NLMSGERR_ATTR_MSG);
  const call = sentence === undefined ? what : `${what} (${textOf(sentence)})`;
  throw new SyscallError(call, errno);
}
