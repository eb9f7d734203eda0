import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FRAME = /(file:\/\/\/[^\s():]+\.js):(\d{1,7}):(\d{1,7})/g;

/**
 * The stack of an error of ours with the names and lines of our sources in place of the bundle's, for a bug report. The
 * source maps (dist/maps) are read only here: an error of ours is rare, and reading them at every start would slow it.
 * @returns the stack as it is where there is no map
 */
export function readableStack(error: Error): string {
  return (error.stack ?? String(error)).replaceAll(FRAME, (whole, ...[url = '', line, column]: string[]) => {
    try {
      const file = fileURLToPath(url);
      const path = join(dirname(file), 'maps', `${basename(file)}.map`);
      const found = new SourceMap(JSON.parse(readFileSync(path, 'utf8'))).findOrigin(Number(line), Number(column));
      if (!('fileName' in found) || found.fileName === undefined) return whole;
      const source = relative(join(dirname(file), '..'), join(dirname(path), found.fileName));
      return `${source}:${found.lineNumber}:${found.columnNumber}`;
    } catch {
      return whole;
    }
  });
}
