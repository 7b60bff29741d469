import { CoracleError } from '../../base/index.ts';
import { describeErrno, SyscallError } from '../errors.ts';
import { stringAt } from '../libc.ts';
import { libsystemd } from '../libsystemd.ts';

/** What a D-Bus service, the bus, or the library on the service's behalf answered instead. */
export class DBusError extends CoracleError {
  /** Such as `org.freedesktop.systemd1.NoSuchUnit`. */
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super('DBUS', message);
    this.errorName = errorName;
  }
}

/** The size of `sd_bus_error`: two pointers and a flag; all zeros is SD_BUS_ERROR_NULL. */
export const SD_BUS_ERROR_SIZE = 24;

/** The error of a failed sd_bus_call(3). Takes over what `error` holds and frees it. */
export function takeError(error: Buffer, call: string, result: number): DBusError {
  const text = (offset: number): string => {
    const address = error.readBigUInt64LE(offset);
    return address === 0n ? '' : stringAt(address);
  };
  const name = text(0) || `errno ${-result}`;
  const message = text(8) || describeErrno(-result);
  libsystemd().freeError(error);
  return new DBusError(name, `${call}: ${message} (${name})`);
}

/** @throws SyscallError if an sd-bus function returned a negative errno. */
export function checkBus(result: number, name: string, detail = ''): number {
  if (result < 0) throw new SyscallError(`sd_bus_${name}(${detail})`, -result);
  return result;
}
