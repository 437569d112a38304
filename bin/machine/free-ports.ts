import { createServer } from 'node:net';

/**
 * Ports of an address that are free now, all different. Another process may take one before it is used: whoever uses
 * them tries again with new ones.
 */
export async function freePorts(count: number, host: string): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenAnywhere(host)));
  await Promise.all(servers.map(({ close }) => close()));
  return servers.map(({ port }) => port);
}

function listenAnywhere(host: string): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host, exclusive: true }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('a TCP listener has no port'));
        return;
      }
      const close = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => {
            done();
          });
        });
      resolve({ port: address.port, close });
    });
  });
}
