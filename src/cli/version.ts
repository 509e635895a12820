/** The package's version and the sources it was built from; the build puts them in. */
declare const HARNLET_VERSION: string | undefined;
declare const HARNLET_BUILD: string | undefined;

export function version(): string {
  return typeof HARNLET_VERSION === "string" ? HARNLET_VERSION : "(from source)";
}

/** Changes with every change of the sources, the builtins and the compiler among them; null when nothing was built. */
export function buildStamp(): string | null {
  return typeof HARNLET_BUILD === "string" ? HARNLET_BUILD : null;
}
