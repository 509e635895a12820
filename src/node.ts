/** The door to Node, for engines that scripts are trusted with: `import { nodeDoor } from "harnlet/node"`. */
export { type NodeDoorOptions, nodeDoor } from "./engine/doors/node.ts";
