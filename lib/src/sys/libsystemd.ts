/**
 * libsystemd.so.0, of which only sd-bus(3) is bound: the D-Bus client that systemd itself uses.
 *
 * This is the raw binding; the idiomatic one is `dbus/`. It is loaded at the first call and not
 * before: most commands of a runtime never talk to systemd. Every function returns a negative errno
 * when it fails. Prototypes: systemd/sd-bus.h; man 3 sd-bus and the page of each function.
 */
import { CoracleError, messageOf } from '../base/index.ts';
import { loadLibrary } from './libc.ts';

/** A handle of the library: `sd_bus *` or `sd_bus_message *`. */
export type Handle = bigint;

/** Where a function writes a result; eight bytes hold every basic type and every handle. */
export type Slot = Uint8Array;

export interface Libsystemd {
  /** `int sd_bus_open_system(sd_bus **bus)`. */
  openSystem(bus: Slot): number;
  /** `int sd_bus_open_user(sd_bus **bus)`. */
  openUser(bus: Slot): number;
  /** `sd_bus *sd_bus_flush_close_unref(sd_bus *bus)`; returns NULL. */
  closeBus(bus: Handle): Handle;
  /** `int sd_bus_message_new_method_call(bus, sd_bus_message **m, destination, path, interface, member)`. */
  newMethodCall(
    bus: Handle,
    message: Slot,
    destination: string,
    path: string,
    interfaceName: string,
    member: string,
  ): number;
  /** `int sd_bus_message_append_basic(sd_bus_message *m, char type, const void *p)`. */
  appendBasic(message: Handle, type: number, value: Uint8Array): number;
  /** `int sd_bus_message_open_container(sd_bus_message *m, char type, const char *contents)`. */
  openContainer(message: Handle, type: number, contents: string): number;
  /** `int sd_bus_message_close_container(sd_bus_message *m)`. */
  closeContainer(message: Handle): number;
  /** `int sd_bus_call(bus, m, uint64_t usec, sd_bus_error *ret_error, sd_bus_message **reply)`. */
  call(bus: Handle, message: Handle, usec: bigint, error: Uint8Array, reply: Slot): number;
  /** `void sd_bus_error_free(sd_bus_error *e)`. */
  freeError(error: Uint8Array): void;
  /** `int sd_bus_process(sd_bus *bus, sd_bus_message **ret)`. */
  process(bus: Handle, message: Slot): number;
  /** `int sd_bus_wait(sd_bus *bus, uint64_t timeout_usec)`. */
  wait(bus: Handle, usec: bigint): number;
  /** `int sd_bus_message_is_signal(sd_bus_message *m, const char *interface, const char *member)`. */
  isSignal(message: Handle, interfaceName: string, member: string): number;
  /** `int sd_bus_message_read_basic(sd_bus_message *m, char type, void *p)`. */
  readBasic(message: Handle, type: number, value: Slot): number;
  /** `int sd_bus_message_enter_container(sd_bus_message *m, char type, const char *contents)`. */
  enterContainer(message: Handle, type: number, contents: string): number;
  /** `int sd_bus_message_exit_container(sd_bus_message *m)`. */
  exitContainer(message: Handle): number;
  /** `sd_bus_message *sd_bus_message_unref(sd_bus_message *m)`; returns NULL. */
  unrefMessage(message: Handle): Handle;
}

const SONAME = 'libsystemd.so.0';

let loaded: Libsystemd | undefined;

/** The library. @throws CoracleError LIBSYSTEMD where it is not installed. */
export function libsystemd(): Libsystemd {
  if (loaded !== undefined) return loaded;
  const so = load();
  const define = (name: string, result: string, ...args: string[]): unknown =>
    so.func(name, result, args);
  const [handle, pointer, text] = ['int64_t', 'void *', 'const char *'];
  loaded = {
    openSystem: define('sd_bus_open_system', 'int', pointer),
    openUser: define('sd_bus_open_user', 'int', pointer),
    closeBus: define('sd_bus_flush_close_unref', handle, handle),
    newMethodCall: define(
      'sd_bus_message_new_method_call',
      'int',
      handle,
      pointer,
      text,
      text,
      text,
      text,
    ),
    appendBasic: define('sd_bus_message_append_basic', 'int', handle, 'char', pointer),
    openContainer: define('sd_bus_message_open_container', 'int', handle, 'char', text),
    closeContainer: define('sd_bus_message_close_container', 'int', handle),
    call: define('sd_bus_call', 'int', handle, handle, 'uint64_t', pointer, pointer),
    freeError: define('sd_bus_error_free', 'void', pointer),
    process: define('sd_bus_process', 'int', handle, pointer),
    wait: define('sd_bus_wait', 'int', handle, 'uint64_t'),
    isSignal: define('sd_bus_message_is_signal', 'int', handle, text, text),
    readBasic: define('sd_bus_message_read_basic', 'int', handle, 'char', pointer),
    enterContainer: define('sd_bus_message_enter_container', 'int', handle, 'char', text),
    exitContainer: define('sd_bus_message_exit_container', 'int', handle),
    unrefMessage: define('sd_bus_message_unref', handle, handle),
  } as Libsystemd;
  return loaded;
}

function load(): ReturnType<typeof loadLibrary> {
  try {
    return loadLibrary(SONAME);
  } catch (error) {
    const message = `cannot load ${SONAME}: ${messageOf(error)}; install it (Debian: libsystemd0)`;
    throw new CoracleError('LIBSYSTEMD', message, { cause: error });
  }
}
