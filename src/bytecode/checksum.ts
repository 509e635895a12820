/** The checksum of artefacts and of the opcode table. The program that writes `op.ts` uses it, so it stands apart from all that reads `op.ts`. */

/** FNV-1a over UTF-16 units, in hexadecimal. Any change of a single unit changes it; it guards against damage, not against intent. */
export function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
