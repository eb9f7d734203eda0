// Jest's transform: Node's own type stripping, the same that runs the simulator and the scripts unbuilt.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
