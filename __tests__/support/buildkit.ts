import { connect, createServer } from 'node:net';

/**
 * Offers the BuildKit inside the engine as a builder of its own, for buildx's `remote` driver: the engine serves it at
 * POST /grpc after an upgrade to h2c. Without it only the `docker` driver could be tested where no image can be pulled.
 * @param dockerHost `unix:///path`
 * @param onRequest what buildx sends, as it comes: HTTP/2 frames, whose bodies are plain
 */
export async function serveBuildkit(
  dockerHost: string,
  socket: string,
  onRequest: (bytes: Buffer) => void = () => {},
): Promise<{ close(): void }> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: dockerHost.replace('unix://', ''), allowHalfOpen: true });
    let head = Buffer.alloc(0);
    const onHead = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      engine.off('data', onHead);
      client.write(head.subarray(end + 4));
      engine.pipe(client);
      client.on('data', onRequest).pipe(engine);
    };
    engine.on('data', onHead).on('error', () => client.destroy());
    client.on('error', () => engine.destroy());
    engine.write('POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { close: () => server.close() };
}
