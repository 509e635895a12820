/** fengari ships without types; the benchmarks use a handful of its functions. */
declare module "fengari" {
  // biome-ignore lint/suspicious/noExplicitAny: an untyped package
  const fengari: any;
  export default fengari;
}
