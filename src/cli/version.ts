/** The package's version; the build puts it in. */
declare const HARNLET_VERSION: string | undefined;

export function version(): string {
  return typeof HARNLET_VERSION === "string" ? HARNLET_VERSION : "(from source)";
}
