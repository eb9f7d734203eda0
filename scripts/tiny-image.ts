/**
 * A small image for two platforms, made and pushed without Docker: one layer with one file, and the documents that the
 * OCI image specification asks for. https://github.com/opencontainers/image-spec
 */
import { createHash } from 'node:crypto';

export interface Destination {
  /** `http://127.0.0.1:PORT` */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly password: string;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const digestOf = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

/**
 * Pushes linux/amd64 and linux/arm64 as one index.
 * @param text what the file /index.html says
 * @returns the digest of the index
 */
export async function pushTinyImage(destination: Destination, text: string): Promise<string> {
  const layer = tarOf('index.html', Buffer.from(text));
  await pushBlob(destination, layer);
  const manifests: object[] = [];
  for (const architecture of ['amd64', 'arm64']) {
    const config = json({
      os: 'linux',
      architecture,
      config: { Cmd: ['/server'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    });
    await pushBlob(destination, config);
    const manifest = json({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf(layer), size: layer.length }],
    });
    await pushManifest(destination, digestOf(manifest), MANIFEST, manifest);
    manifests.push({
      mediaType: MANIFEST,
      digest: digestOf(manifest),
      size: manifest.length,
      platform: { os: 'linux', architecture },
    });
  }
  const index = json({ schemaVersion: 2, mediaType: INDEX, manifests });
  await pushManifest(destination, destination.tag, INDEX, index);
  return digestOf(index);
}

/** POST for a place, PUT to it: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs */
async function pushBlob(destination: Destination, data: Buffer): Promise<void> {
  const begun = await send(destination, 'POST', `/v2/${destination.repository}/blobs/uploads/`);
  const place = new URL(begun.headers.get('location') ?? '', destination.registry);
  place.searchParams.set('digest', digestOf(data));
  await send(destination, 'PUT', place.pathname + place.search, { type: 'application/octet-stream', data });
}

const pushManifest = (destination: Destination, reference: string, type: string, data: Buffer): Promise<Response> =>
  send(destination, 'PUT', `/v2/${destination.repository}/manifests/${reference}`, { type, data });

async function send(
  { registry, password }: Destination,
  method: string,
  path: string,
  body?: { readonly type: string; readonly data: Buffer },
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
  const answer = await fetch(registry + path, {
    method,
    headers: { authorization, ...(body ? { 'content-type': body.type } : {}) },
    ...(body ? { body: new Uint8Array(body.data) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** A ustar archive of one file: a header of 512 bytes, the content in whole blocks, two empty blocks. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(content.length, 12) + octal(0, 12), 100);
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512), Buffer.alloc(1024)]);
}
