import { CoracleError } from '../../base/index.ts';

/**
 * A network device that cannot be given to the container. `code` starts with `NETDEVICE_`;
 * `device` is its name on the host, as in `linux.netDevices` of config.json.
 */
export class NetDeviceError extends CoracleError {
  readonly device: string;

  constructor(code: string, device: string, message: string, options?: ErrorOptions) {
    super(code, `network device ${device}: ${message}`, options);
    this.device = device;
  }
}
