#!/usr/bin/env node
"use strict";
/**
 * Starts the command from its bundle, with the code that V8 kept of an earlier start: compiling a megabyte of text would take as long
 * as Node's own start. The caches lie beside the bundle, one for each command, because each compiles other functions; their names hold
 * the bundle's hash and the host's version. Where a cache cannot be written, or V8 refuses it, the command just starts slower.
 */
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const bundle = join(__dirname, "cli.cjs");
const command = /^[a-z]+$/.test(process.argv[2] ?? "") ? process.argv[2] : "help";
const cache = join(__dirname, `cli-BUILD-${process.version}-${process.arch}-${command}.cache`);
/** The exit code after a mistake on the command line, which may be a command that does not exist. */
const USAGE = 2;

function kept() {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** At the end of a start without a cache: by then the functions that a start needs are compiled. */
function keep(script) {
  const unfinished = `${cache}.${process.pid}`;
  try {
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, cache);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

const cachedData = kept();
// The build wraps the bundle in a function and leaves nothing but ASCII in it, so the text is taken as it lies on the disk.
const script = new Script(readFileSync(bundle, "latin1"), { filename: bundle, cachedData });
if (cachedData === undefined || script.cachedDataRejected) process.once("exit", (code) => code !== USAGE && keep(script));
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, require, module_, bundle, __dirname);
