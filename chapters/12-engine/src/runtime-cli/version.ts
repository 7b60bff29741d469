/** What `--version` says; engines read the first word before "version", and the line `commit:`. */
import { OCI_VERSION } from 'coracle/oci';
import { libseccompIdentity } from 'coracle/sys';

/** Put in by the build (build.ts); a run from the sources has none. */
declare const CORACLE_COMMIT: string | undefined;

export const VERSION = '0.1.0';
/** The commit it was built from, or the empty string. */
export const COMMIT: string = typeof CORACLE_COMMIT === 'string' ? CORACLE_COMMIT : '';

/** Lines such as runc's, from which dockerd takes name, version and commit. */
export function versionText(): string {
  const libseccomp = libseccompVersion();
  return [
    `coracle-runtime version ${VERSION}\n`,
    COMMIT === '' ? '' : `commit: ${COMMIT}\n`,
    `spec: ${OCI_VERSION}\n`,
    `node: ${process.version}\n`,
    libseccomp === undefined ? '' : `libseccomp: ${libseccomp}\n`,
  ].join('');
}

/** From the name of the library's file, such as `libseccomp.so.2.5.4`. */
export function libseccompVersion(): string | undefined {
  return /libseccomp\.so\.(\d+\.\d+\.\d+)/.exec(libseccompIdentity() ?? '')?.[1];
}
