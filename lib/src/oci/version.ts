/** The versions of the runtime specification that this layer speaks (config.md, "Specification version"). */

/** The newest: what `state`, `spec` and hooks report. */
export const OCI_VERSION = '1.3.0';

/** The oldest accepted in a config.json. */
export const OCI_VERSION_MIN = '1.0.0';
