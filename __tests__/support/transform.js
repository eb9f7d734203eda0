// Jest's transform: Node's own type stripping, the same that runs the simulator and the scripts unbuilt.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const OWN = readFileSync(import.meta.filename);

const transformed = (source) => ({ code: stripTypeScriptTypes(source) });
const keyOf = (source, path) => createHash('sha1').update(OWN).update(path).update(source).digest('hex');

export default { process: transformed, getCacheKey: keyOf };
