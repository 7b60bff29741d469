/**
 * A connection to a D-Bus message bus, through libsystemd's sd-bus(3). Synchronous.
 *
 * Life cycle: `openSystemBus` or `openUserBus` → `call`, `watch` and `await` signals → disposed of.
 */
import { hasCode } from '../errors.ts';
import { libsystemd, type Handle } from '../libsystemd.ts';
import { checkBus, SD_BUS_ERROR_SIZE, takeError } from './errors.ts';
import { appendValues, readValues, readVariant } from './message.ts';
import type { DBusValue } from './signature.ts';

/** An object of a service, and the interface by which it is spoken to. */
export interface DBusObject {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
}

/** Arguments with their signature. */
export interface Arguments {
  readonly signature: string;
  readonly values: readonly DBusValue[];
}

const NOTHING: Arguments = { signature: '', values: [] };

const MESSAGE_BUS: DBusObject = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/** How long a method call may take, in microseconds. */
const CALL_TIMEOUT = 30_000_000n;

/** sd_bus_open_system(3): the machine's bus. @throws SyscallError when it cannot be reached. */
export function openSystemBus(): DBus {
  return open('open_system', (slot) => libsystemd().openSystem(slot));
}

/**
 * sd_bus_open_user(3): the bus of `DBUS_SESSION_BUS_ADDRESS`, or `$XDG_RUNTIME_DIR/bus`.
 *
 * @throws SyscallError ENOMEDIUM when neither variable is set, ENOENT or ECONNREFUSED without a bus.
 */
export function openUserBus(): DBus {
  return open('open_user', (slot) => libsystemd().openUser(slot));
}

function open(name: string, opener: (slot: Buffer) => number): DBus {
  const slot = Buffer.alloc(8);
  checkBus(opener(slot), name);
  return new DBus(slot.readBigUInt64LE());
}

/** A connection to a bus; its methods throw DBusError, or SyscallError where the bus itself fails. */
export class DBus implements Disposable {
  readonly #bus: Handle;

  constructor(bus: Handle) {
    this.#bus = bus;
  }

  /**
   * Calls a method and waits for its reply, of which the values by `reply` are returned: a
   * signature of basic types.
   *
   * @throws DBusError with the name that the service gave.
   */
  call(object: DBusObject, member: string, given: Arguments = NOTHING, reply = ''): DBusValue[] {
    return this.#call(object, member, given, (message) => readValues(message, reply));
  }

  /** A property of a basic type (org.freedesktop.DBus.Properties.Get). */
  property(object: DBusObject, name: string, type: string): DBusValue {
    const properties = { ...object, interface: 'org.freedesktop.DBus.Properties' };
    const given = { signature: 'ss', values: [object.interface, name] };
    return this.#call(properties, 'Get', given, (message) => readVariant(message, type));
  }

  /** Asks the bus to deliver a signal from now on (org.freedesktop.DBus.AddMatch). */
  watch(object: DBusObject, member: string): void {
    const rule = `type='signal',sender='${object.destination}',path='${object.path}',interface='${object.interface}',member='${member}'`;
    this.call(MESSAGE_BUS, 'AddMatch', { signature: 's', values: [rule] });
  }

  /**
   * Waits for a signal that {@link watch} has asked for and `accept` takes; the others are dropped.
   *
   * @param accept gets the signal's values by `signature`.
   * @returns false after `milliseconds` without one.
   */
  await(
    object: DBusObject,
    member: string,
    signature: string,
    accept: (values: readonly DBusValue[]) => boolean,
    milliseconds: number,
  ): boolean {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const message = this.#next(deadline);
      if (message === undefined) return false;
      try {
        if (libsystemd().isSignal(message, object.interface, member) <= 0) continue;
        if (accept(readValues(message, signature))) return true;
      } finally {
        libsystemd().unrefMessage(message);
      }
    }
  }

  /** Sends what is still to be sent, and disconnects. */
  [Symbol.dispose](): void {
    libsystemd().closeBus(this.#bus);
  }

  #call<Result>(
    object: DBusObject,
    member: string,
    given: Arguments,
    readReply: (message: Handle) => Result,
  ): Result {
    const request = this.#newCall(object, member);
    const error = Buffer.alloc(SD_BUS_ERROR_SIZE);
    const reply = Buffer.alloc(8);
    try {
      appendValues(request, given.signature, given.values);
      const result = libsystemd().call(this.#bus, request, CALL_TIMEOUT, error, reply);
      if (result < 0) throw takeError(error, `${object.interface}.${member}()`, result);
      return readReply(reply.readBigUInt64LE());
    } finally {
      libsystemd().unrefMessage(reply.readBigUInt64LE());
      libsystemd().unrefMessage(request);
    }
  }

  #newCall({ destination, path, interface: name }: DBusObject, member: string): Handle {
    const slot = Buffer.alloc(8);
    const made = libsystemd().newMethodCall(this.#bus, slot, destination, path, name, member);
    checkBus(made, 'message_new_method_call', `${name}.${member}`);
    return slot.readBigUInt64LE();
  }

  /** The next message that nobody else takes, such as a signal; undefined after the deadline. */
  #next(deadline: number): Handle | undefined {
    const slot = Buffer.alloc(8);
    for (;;) {
      const busy = checkBus(libsystemd().process(this.#bus, slot), 'process');
      const message = slot.readBigUInt64LE();
      if (message !== 0n) return message;
      if (busy > 0) continue;
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      this.#wait(left);
    }
  }

  #wait(milliseconds: number): void {
    try {
      checkBus(libsystemd().wait(this.#bus, BigInt(Math.ceil(milliseconds * 1000))), 'wait');
    } catch (error) {
      if (!hasCode(error, 'EINTR')) throw error;
    }
  }
}
