import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { rememberConnections } from './unused-connections.ts';

/** Request line and headers together. Long OData URLs must pass. */
const headBytesMax = 32_768;
/** What holds of connections, for as long as they ask nothing. */
interface ConnectionBounds {
  /** A client has so long to send the head of a request, from when it connects. */
  readonly headMs: number;
  /** Who is told that it did not has so long to read that, and to close. */
  readonly closeMs: number;
  /** Connections without a request: beyond these, the one that has waited longest is closed. */
  readonly idleMax: number;
}

const standardBounds: ConnectionBounds = { headMs: 20_000, closeMs: 2_000, idleMax: 2_000 };
/** The bound for a whole upload; a stalling body ends long before, see read-node-body.ts. */
const requestMs = 3_600_000;
/** Longer than load balancers keep idle connections, so that they close them first. */
const keepAliveMs = 65_000;

/** A node:http server with limits against slow and oversized requests, and against connections that ask nothing. */
export function createHttpServer(listener: RequestListener, bounds = standardBounds): Server {
  const server = createServer(
    {
      maxHeaderSize: headBytesMax,
      headersTimeout: bounds.headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: bounds.headMs / 4,
      // As fetch does: otherwise the second of two credentials would go unseen.
      joinDuplicateHeaders: true,
    },
    listener,
  );
  rememberConnections(server, bounds.idleMax);
  // Whoever asks before sending a body is answered when the body is read: see NodeIncoming.
  server.on('checkContinue', listener);
  server.on('clientError', (error: ClientError, socket: Socket) => refuse(error, socket, bounds.closeMs));
  return server;
}

type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/** What is not HTTP never becomes a request: it is answered here, and the connection closed, whatever its client does. */
function refuse(error: ClientError, socket: Socket, closeMs: number): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, code, message } = answerTo(error);
  const body = JSON.stringify({ error: { code, message } });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // Half of it would stay open for as long as the client likes. To close at once could take the answer from who reads it.
  const timer = setTimeout(() => socket.destroy(), closeMs).unref();
  socket.once('close', () => clearTimeout(timer));
}

function answerTo(error: ClientError): { status: string; code: string; message: string } {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return isRequestLine(error.rawPacket)
      ? {
          status: '414 URI Too Long',
          code: 'URI_TOO_LONG',
          message: `The address is longer than ${headBytesMax} bytes.`,
        }
      : {
          status: '431 Request Header Fields Too Large',
          code: 'TOO_LARGE',
          message: `The headers are longer than ${headBytesMax} bytes.`,
        };
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return {
      status: '408 Request Timeout',
      code: 'REQUEST_TIMEOUT',
      message: 'The request took too long to arrive.',
    };
  }
  return {
    status: '400 Bad Request',
    code: 'MALFORMED_REQUEST',
    message: 'This is not a request that HTTP/1.1 allows.',
  };
}

/** Whether the request line alone overflows the limit. */
const isRequestLine = (packet: Buffer | undefined): boolean =>
  packet !== undefined && /^[A-Z]+ \S+$/.test(packet.subarray(0, headBytesMax).toString('latin1'));
