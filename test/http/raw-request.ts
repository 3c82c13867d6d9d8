import { connect } from 'node:net';

/** Sends bytes as they are, and gives back all that came until the server closed the connection. */
export function sendRaw(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', chunk => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', error => (received === '' ? reject(error) : resolve(received)));
  });
}
