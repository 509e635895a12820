/**
 * The opcode table: the one truth about the instruction set.
 *
 * The enum (`op.ts`, written by `scripts/opcodes.ts`), the assembler, the disassembler, the verifier and `docs/bytecode.md` all come from
 * it. An instruction is two or three 32-bit words:
 *
 *     word 0   31 ......... 8 | 7 .... 0        A is 24 bits, the opcode 8
 *                    A        |  opcode
 *     word 1   31 ... 16 | 15 ... 0             B and C are 16 bits, unsigned, or D is the whole word, signed
 *                  C     |    B
 *     word 2            E                       only in rows that name it; signed
 *
 * Registers are numbered in the frame's window. `r` reads, `w` writes, `rw` does both. `r*`/`w*` is the first of a run of registers,
 * whose length another operand gives.
 */

export type Field = "A" | "B" | "C" | "D" | "E";
export type OperandKind =
  | "r" // register read
  | "w" // register written
  | "rw" // register read and written
  | "w>" // register written only when the instruction jumps
  | "r*" // first register of a run that is read; a count operand gives its length
  | "w*" // first register of a run that is written: by the count operand, or the names of the import
  | "call" // first register of a call window: callee or receiver and arguments are read, the result is written there
  | "args" // the same, but R[A] itself is not read: the callee is named by another operand
  | "const" // index of a constant
  | "name" // index of a name
  | "name?" // index of a name plus one; 0 = none
  | "list" // index of a list of names
  | "guard" // index of a parameter guard
  | "fn" // index of a nested function
  | "capture" // index of a captured value
  | "slot" // index of a module slot
  | "late" // index of a late-bound function
  | "import" // index of an import
  | "cache" // index of an inline cache
  | "jump" // instruction index (in words)
  | "int" // an immediate integer
  | "count"; // a number of registers or arguments

export interface Operand {
  readonly field: Field;
  readonly kind: OperandKind;
  /** What it means, for the disassembler and the page. */
  readonly label: string;
}

/** What an instruction may do to the flow: fall through, jump (perhaps), or leave the function. */
export type Flow = "next" | "branch" | "jump" | "leave";

export interface OpRow {
  readonly name: string;
  readonly operands: readonly Operand[];
  readonly flow: Flow;
  /** One line of pseudo-code. */
  readonly effect: string;
  /** What must stand behind it, with `|` between choices: it uses their operands and inline caches. */
  readonly before: readonly string[];
}

/** `A:w=dst` means field A, kind w, label dst. */
function row(name: string, operands: string, effect: string, flow: Flow = "next", before: readonly string[] = []): OpRow {
  const parsed = operands
    .split(" ")
    .filter(Boolean)
    .map((text) => {
      const [field, rest = ""] = text.split(":");
      const [kind, label = kind] = rest.split("=");
      return { field: field as Field, kind: kind as OperandKind, label: label as string };
    });
  return { name, operands: parsed, flow, effect, before };
}

const COMPARE_JUMPS = ["LT <", "LE <=", "GT >", "GE >=", "EQ ==", "NE !="].flatMap((text) => {
  const [name, sign] = text.split(" ") as [string, string];
  return [
    row(`JN${name}`, "A:r=left B:r=right E:jump=to", `if not (R[A] ${sign} R[B]) goto E`, "branch"),
    row(`JN${name}K`, "A:r=left B:const=right E:jump=to", `if not (R[A] ${sign} K[B]) goto E`, "branch"),
    row(`J${name}`, "A:r=left B:r=right E:jump=to", `if R[A] ${sign} R[B] goto E, trap`, "branch"),
    row(`J${name}K`, "A:r=left B:const=right E:jump=to", `if R[A] ${sign} K[B] goto E, trap`, "branch"),
  ];
});

const BINARY = "A:w=dst B:r=left C:r=right";
const BINARY_K = "A:w=dst B:r=left C:const=right";
const K_BINARY = "A:w=dst B:const=left C:r=right";

export const OPCODES: readonly OpRow[] = [
  // Moves and constants.
  row("MOVE", "A:w=dst B:r=src", "R[A] = share(R[B])"),
  row("TAKE", "A:w=dst B:r=src", "R[A] = R[B], which dies or is overwritten next"),
  row("MOVET", "A:w=dst B:r=src", "R[A] = share(R[B]), an unboxed float goes to F[A]"),
  row("BOX", "A:w=dst B:r=src", "R[A] = share(R[B]), an unboxed float boxed"),
  row("SHARE", "A:rw=dst", "share(R[A])"),
  row("LOADK", "A:w=dst D:const=value", "R[A] = K[D]"),
  row("LOADI", "A:w=dst D:int=value", "R[A] = D"),
  row("GETCAP", "A:w=dst D:capture=from", "R[A] = share(captures[D])"),
  row("GETSLOT", "A:w=dst D:slot=from E:name=name", "R[A] = share(slots[D]); unset: as GETNAME"),
  row("TAKESLOT", "A:w=dst D:slot=from E:name=name", "R[A] = slots[D], which is overwritten next; unset: as GETNAME"),
  row("SETSLOT", "A:slot=to B:r=value", "slots[A] = R[B]"),
  row("GETNAME", "A:w=dst D:name=name E:name?=suggestion", "R[A] = late-bound function, host global or builtin of that name, or an error"),
  row("GETGLOBAL", "A:w=dst D:name=name E:name?=suggestion", "R[A] = the host global or builtin of that name, or an error"),
  row("SETLATE", "A:late=to B:r=value", "late[A] = share(R[B])"),
  row("CLOSURE", "A:w=dst D:fn=function", "R[A] = a closure over functions[D] with its captures copied"),

  // Arithmetic. ADD with A = B may append in place.
  row("ADD", BINARY, "R[A] = R[B] + R[C]"),
  row("SUB", BINARY, "R[A] = R[B] - R[C]"),
  row("MUL", BINARY, "R[A] = R[B] * R[C]"),
  row("DIV", BINARY, "R[A] = R[B] / R[C]"),
  row("MOD", BINARY, "R[A] = R[B] % R[C]"),
  row("POW", BINARY, "R[A] = R[B] ** R[C]"),
  row("ADDK", BINARY_K, "R[A] = R[B] + K[C]"),
  row("SUBK", BINARY_K, "R[A] = R[B] - K[C]"),
  row("MULK", BINARY_K, "R[A] = R[B] * K[C]"),
  row("DIVK", BINARY_K, "R[A] = R[B] / K[C]"),
  row("MODK", BINARY_K, "R[A] = R[B] % K[C]"),
  // The same for a result that only arithmetic or a comparison reads, and reads next: a float is not boxed then.
  row("ADDT", BINARY, "R[A] = R[B] + R[C], a float goes to F[A]"),
  row("SUBT", BINARY, "R[A] = R[B] - R[C], a float goes to F[A]"),
  row("MULT", BINARY, "R[A] = R[B] * R[C], a float goes to F[A]"),
  row("DIVT", BINARY, "R[A] = R[B] / R[C], a float goes to F[A]"),
  row("ADDTK", BINARY_K, "R[A] = R[B] + K[C], a float goes to F[A]"),
  row("SUBTK", BINARY_K, "R[A] = R[B] - K[C], a float goes to F[A]"),
  row("MULTK", BINARY_K, "R[A] = R[B] * K[C], a float goes to F[A]"),
  row("DIVTK", BINARY_K, "R[A] = R[B] / K[C], a float goes to F[A]"),
  row("KSUB", K_BINARY, "R[A] = K[B] - R[C]"),
  row("KMUL", K_BINARY, "R[A] = K[B] * R[C]"),
  row("KDIV", K_BINARY, "R[A] = K[B] / R[C]"),
  row("KSUBT", K_BINARY, "R[A] = K[B] - R[C], a float goes to F[A]"),
  row("KMULT", K_BINARY, "R[A] = K[B] * R[C], a float goes to F[A]"),
  row("KDIVT", K_BINARY, "R[A] = K[B] / R[C], a float goes to F[A]"),
  row("NEG", "A:w=dst B:r=src", "R[A] = -R[B]"),
  row("NOT", "A:w=dst B:r=src", "R[A] = !R[B]"),
  row("BOOL", "A:w=dst B:r=src", "R[A] = truthy(R[B])"),
  row("EQ", BINARY, "R[A] = R[B] == R[C]"),
  row("NE", BINARY, "R[A] = R[B] != R[C]"),
  row("LT", BINARY, "R[A] = R[B] < R[C]"),
  row("LE", BINARY, "R[A] = R[B] <= R[C]"),
  row("GT", BINARY, "R[A] = R[B] > R[C]"),
  row("GE", BINARY, "R[A] = R[B] >= R[C]"),
  row("IN", BINARY, "R[A] = R[B] in R[C]"),
  row("NOTIN", BINARY, "R[A] = R[B] not in R[C]"),
  row("RANGE", BINARY, "R[A] = R[B] to R[C]"),
  row("RANGEX", BINARY, "R[A] = R[B] to R[C] exclusive"),
  row("INTERP", "A:w=dst B:r*=first C:count=count", "R[A] = the displays of R[B] … R[B+C-1], joined"),

  // Jumps. A backward jump tests the trap.
  row("JMP", "D:jump=to", "goto D", "jump"),
  row("LOOP", "D:jump=to", "goto D, trap", "jump"),
  row("JT", "A:r=if D:jump=to", "if truthy(R[A]) goto D", "branch"),
  row("JF", "A:r=if D:jump=to", "if not truthy(R[A]) goto D", "branch"),
  row("JNIL", "A:r=if D:jump=to", "if R[A] is nil goto D", "branch"),
  row("JNOTNIL", "A:r=if D:jump=to", "if R[A] is not nil goto D", "branch"),
  ...COMPARE_JUMPS,

  // Iteration.
  row("ITER", "A:w=cursor B:r=from", "R[A] = a cursor over R[B]"),
  row("NEXT", "A:rw=cursor B:w>=item E:jump=to", "if R[A] has an item: R[B] = it, goto E, trap", "branch"),

  // Access. The PEEK forms do not share what they load: their result is read and dropped.
  row("GETPROP", "A:w=dst B:r=of C:name=name E:cache=cache", "R[A] = share(R[B].name)"),
  row("PEEKPROP", "A:w=dst B:r=of C:name=name E:cache=cache", "R[A] = R[B].name"),
  row("PEEKPATH", "A:w=dst B:r=of C:list=names E:cache=cache", "R[A] = R[B].name.name…"),
  row("GETPATH", "A:w=dst B:r=of C:list=names E:cache=cache", "as PEEKPATH, and share what was found"),
  row("TAKEPROP", "A:w=dst B:r=of C:name=name E:cache=cache", "R[A] = R[B].name, shared only if R[B] is; it is put back next"),
  row("OPTPROP", "A:w=dst B:r=of C:name=name E:cache=cache", "R[A] = share(R[B]?.name)"),
  row("SETPROP", "A:rw=of B:r=value C:name=name E:cache=cache", "R[A].name = R[B], in R[A] or a copy of it"),
  row("GETINDEX", "A:w=dst B:r=of C:r=index", "R[A] = share(R[B][R[C]])"),
  row("PEEKINDEX", "A:w=dst B:r=of C:r=index", "R[A] = R[B][R[C]]"),
  row("TAKEINDEX", "A:w=dst B:r=of C:r=index", "R[A] = R[B][R[C]], shared only if R[B] is; it is put back next"),
  row("SETINDEX", "A:rw=of B:r=index C:r=value", "R[A][R[B]] = R[C], in R[A] or a copy of it"),
  // The quick way for numbers; where it does not apply, the instructions behind it do the same in general.
  row("ADDPROP", "A:rw=of B:r=value E:jump=done", "R[A].name += R[B] with the name of the TAKEPROP that follows, goto E", "branch", [
    "TAKEPROP",
  ]),
  row("ADDFIELD", "A:rw=of B:r=from E:jump=done", "R[A].m += R[B].n with the names of the two PEEKPROPs that follow, goto E", "branch", [
    "PEEKPROP",
    "PEEKPROP",
  ]),
  row("ADDINDEX", "A:rw=of B:r=index C:r=value E:jump=done", "R[A][R[B]] += R[C], goto E", "branch"),
  row(
    "SETPATH",
    "A:rw=of B:r=value E:jump=done",
    "R[A] … = R[B] along the TAKEs that follow and the SET behind them, in place, goto E",
    "branch",
    ["TAKEPROP|TAKEINDEX"],
  ),
  row("ADDPATH", "A:rw=of B:r=value E:jump=done", "R[A] … += R[B] along the TAKEs that follow, in place, goto E", "branch", [
    "TAKEPROP|TAKEINDEX",
  ]),
  row("SLICE", "A:w=dst B:r=of C:r*=first E:count=count", "R[A] = R[B][R[C]:R[C+1]]"),

  // Containers. Elements from registers are temporaries: no sharing.
  row("NEWLIST", "A:w=dst B:r*=first C:count=count", "R[A] = [R[B] … R[B+C-1]]"),
  row("NEWDICT", "A:w=dst B:r*=first C:list=keys E:count=count", "R[A] = {key 0: R[B], …}"),
  row("LISTADD", "A:rw=list B:r=item", "append R[B] to the fresh list R[A]"),
  row("LISTSPREAD", "A:rw=list B:r=items", "append every item of R[B] to the fresh list R[A]"),
  row("DICTPUT", "A:rw=dict B:r=key C:r=value", "R[A][display(R[B])] = R[C] in the fresh dict R[A]"),
  row("DICTSPREAD", "A:rw=dict B:r=entries", "put every entry of R[B] into the fresh dict R[A]"),
  row(
    "NEWSTRUCT",
    "A:w=dst B:r*=first C:list=keys E:count=count",
    "R[A] = an instance; list = [struct, declared fields joined by a comma, keys …]",
  ),
  row("ASSTRUCT", "A:w=dst B:r=dict C:list=struct", "R[A] = an instance from the dict R[B]; list = [struct, declared fields]"),
  row("NEWENUM", "A:w=dst B:r*=first C:list=variant E:count=count", "R[A] = a variant; list = [enum, variant]"),

  // Calls. Arguments stand behind R[A]; count 65535 = they are the items of the list R[A+1].
  row("CALL", "A:call=window B:count=args C:name?=name E:w=dst", "R[E] = R[A](args); a value that is no closure: the builtin of that name"),
  row("CALLSELF", "A:args=window B:count=args C:w=dst", "R[C] = this closure(args)"),
  row("CALLLATE", "A:args=window B:count=args C:late=function E:w=dst", "R[E] = late[C](args)"),
  row("CALLNAME", "A:args=window B:count=args C:name=name E:name?=suggestion", "R[A] = name(args), bound now"),
  row("CALLSLOT", "A:args=window B:count=args C:slot=function E:w=dst", "R[E] = slots[C](args)"),
  row(
    "CALLB",
    "A:args=window B:count=args C:name=builtin E:cache=cache",
    "R[A] = builtin(args); args are borrowed: shared unless the builtin only reads them",
  ),
  row(
    "CALLM",
    "A:call=window B:count=args C:name=method E:w=dst",
    "R[E] = R[A].method(args); the receiver is borrowed: shared unless the builtin only reads it",
  ),
  row(
    "CALLMX",
    "A:call=window B:count=args C:name=method E:w=dst",
    "as CALLM, but R[A] is the receiver's only place or it is overwritten next",
  ),
  row("CHKLATE", "A:late=function B:int=tail", "raise unless late[A] could be called here, B 1: by a tail call; its body follows in place"),
  row("PIPE", "A:call=window B:count=args", "R[A] = R[A](R[A+1]), callee a closure, a builtin or a name"),
  row("TCALL", "A:call=window B:count=args C:name?=name", "return R[A](args), replacing the frame; what is no closure is called as usual"),
  row("TCALLSELF", "A:args=window B:count=args", "return this closure(args), replacing the frame; what is no closure is called as usual"),
  row(
    "TCALLLATE",
    "A:args=window B:count=args C:late=function",
    "return late[C](args), replacing the frame; what is no closure is called as usual",
  ),
  row(
    "TCALLNAME",
    "A:args=window B:count=args C:name=name E:name?=suggestion",
    "return name(args), replacing the frame; what is no closure is called as usual",
  ),
  row(
    "TCALLSLOT",
    "A:args=window B:count=args C:slot=function",
    "return slots[C](args), replacing the frame; what is no closure is called as usual",
  ),
  row("TPIPE", "A:call=window B:count=args", "return R[A](R[A+1]), replacing the frame; what is no closure is called as usual"),
  row("RET", "A:r=value", "return R[A]", "leave"),
  row("RETNIL", "", "return nil", "leave"),
  row("YIELD", "A:r=value", "hand R[A] to the consumer and wait"),

  // Parameters.
  row("JARG", "A:int=index D:jump=to", "if argument A was passed goto D", "branch"),
  row("RESTARG", "A:w=dst D:int=from", "R[A] = the list of arguments from D on"),
  row("GUARD", "A:r=value B:name=param C:guard=type", "raise unless R[A] fits the guard"),

  // Errors.
  row("THROW", "A:r=value", "throw R[A]", "leave"),
  row("CAUGHT", "A:w=dst B:r=error", "R[A] = what catch sees of the error R[B]"),
  row("RETHROW", "A:r=error", "raise the error R[A] again as it is", "leave"),
  row("JNERR", "A:r=error B:name=enum E:jump=to", "if the error R[A] threw no variant of that enum goto E", "branch"),
  row("TRYOK", "A:w=dst B:r=value", "R[A] = R[B] if a Result, else Result.Ok(R[B])"),
  row("TRYERR", "A:w=dst B:r=error", "R[A] = Result.Err(what catch sees of R[B])"),
  row("UNWRAP", "A:w=dst B:r=result E:jump=to", "Ok: R[A] = its value; Err: R[A] = R[B], goto E", "branch"),
  row("FAIL", "A:int=kind D:const=text", "raise: kind 0 runtime, 1 plain, 2 not supported yet", "leave"),
  row("ARM", "A:r=limit", "arm a deadline"),
  row("DISARM", "", "disarm the innermost deadline"),

  // Patterns.
  row("CHKDICT", "A:r=value", "raise unless R[A] is a dict"),
  row("CHKLIST", "A:r=value", "raise unless R[A] is a list"),
  row("DICTREST", "A:w=dst B:r=of C:list=keys", "R[A] = R[B] without those keys"),
  row("LISTREST", "A:w=dst B:r=of C:int=from", "R[A] = R[B][from:]"),
  row("JNENUM", "A:r=value B:list=variant E:jump=to", "if R[A] is not that variant goto E", "branch"),
  row("JNDICT", "A:r=value D:jump=to", "if R[A] is no dict goto D", "branch"),
  row("JNLIST", "A:r=value B:int=length E:jump=to", "if R[A] is no list of at least so many items goto E", "branch"),
  row("ENUMFIELD", "A:w=dst B:r=of C:int=index", "R[A] = share(field C of R[B]) or nil"),
  row("LISTAT", "A:w=dst B:r=of C:int=index", "R[A] = share(item C of R[B]) or nil"),

  // Declarations.
  row("IMPL", "A:r*=first B:list=methods C:count=count", "register methods of a struct; list = [struct, names …]"),
  row("IMPORT", "A:import=what B:w*=first", "load a module and bind its functions to R[B] …, or to slots"),
];

/** The length in words of a row's instruction. */
export function wordsOf(row: OpRow): number {
  return row.operands.some((o) => o.field === "E") ? 3 : 2;
}
