/**
 * The two entries of the action in one build, so that they share chunks: dist/main.js calls `main`, dist/post.js calls `post`
 * (scripts/bundle.ts writes both). Each loads only what it imports.
 */
export const main = (): Promise<unknown> => import('../src/main.ts');
export const post = (): Promise<unknown> => import('../src/post.ts');
