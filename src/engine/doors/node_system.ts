/** What a script may ask about this computer, and standard input, for the door to Node. */
import { arch, homedir, hostname, platform, tmpdir, userInfo } from "node:os";
import type { InputDoor, SystemDoor } from "../../vm/door.ts";

export function nodeSystem(): SystemDoor {
  return {
    platform: () => (platform() === "win32" ? "windows" : platform()),
    arch: () => ARCHITECTURES[arch()] ?? arch(),
    hostname,
    username: () => userInfo().username,
    homeDir: homedir,
    tempDir: tmpdir,
    pid: () => process.pid,
  };
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64", ia32: "x86" };

/** Standard input is only touched when somebody reads: an open one would keep the process alive. */
export function nodeInput(): InputDoor {
  let input: StandardInput | null = null;
  const opened = () => {
    input ??= new StandardInput();
    return input;
  };
  return {
    readLine: () => opened().readLine(),
    readAll: () => opened().readAll(),
    isTty: (stream) => process[stream].isTTY === true,
  };
}

class StandardInput {
  private readonly chunks = process.stdin.setEncoding("utf8")[Symbol.asyncIterator]() as AsyncIterator<string>;
  private held = "";
  private ended = false;

  async readLine(): Promise<string | null> {
    while (!this.held.includes("\n") && (await this.more()));
    if (this.held === "") return null;
    const end = this.held.indexOf("\n");
    const line = end < 0 ? this.held : this.held.slice(0, end);
    this.held = end < 0 ? "" : this.held.slice(end + 1);
    process.stdin.unref?.();
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }

  async readAll(): Promise<string> {
    while (await this.more());
    const text = this.held;
    this.held = "";
    return text;
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    process.stdin.ref?.();
    const next = await this.chunks.next();
    if (next.done === true) this.ended = true;
    else this.held += next.value;
    return !this.ended;
  }
}
