import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { rememberConnections } from './unused-connections.ts';

/** Request line and headers together. Long OData URLs must pass. */
const headBytesMax = 32_768;
/** Limits on connections without a request. */
interface ConnectionBounds {
  /** Time from connecting until the request headers must be complete. */
  readonly headMs: number;
  /** Time for the client to read the error and close. */
  readonly closeMs: number;
  /** Maximum number of idle connections; beyond it, the longest idle one is closed. */
  readonly idleMax: number;
}

const standardBounds: ConnectionBounds = { headMs: 20_000, closeMs: 2_000, idleMax: 2_000 };
/** The limit for a whole upload; a stalled body is abandoned much earlier, see read-node-body.ts. */
const requestMs = 3_600_000;
/** Longer than the idle timeout of load balancers, so that they close connections first. */
const keepAliveMs = 65_000;

/** A node:http server with limits on slow requests, oversized requests, and idle connections. */
export function createHttpServer(listener: RequestListener, bounds = standardBounds): Server {
  const server = createServer(
    {
      maxHeaderSize: headBytesMax,
      headersTimeout: bounds.headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: bounds.headMs / 4,
      // As fetch does: otherwise the second of two credentials would be ignored.
      joinDuplicateHeaders: true,
    },
    listener,
  );
  rememberConnections(server, bounds.idleMax);
  // "100 Continue" is sent when the body is read: see NodeIncoming.
  server.on('checkContinue', listener);
  server.on('clientError', (error: ClientError, socket: Socket) => refuse(error, socket, bounds.closeMs));
  return server;
}

type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/** Input that is not valid HTTP never becomes a request: it is answered here, and the connection is closed. */
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
  // Without a timer the half-closed socket stays open as long as the client likes. Closing at once could lose the response.
  const timer = setTimeout(() => socket.destroy(), closeMs).unref();
  socket.once('close', () => clearTimeout(timer));
}

function answerTo(error: ClientError): { status: string; code: string; message: string } {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return isRequestLine(error.rawPacket)
      ? {
          status: '414 URI Too Long',
          code: 'URI_TOO_LONG',
          message: `The URL is longer than ${headBytesMax} bytes.`,
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
    message: 'The request is not valid HTTP/1.1.',
  };
}

/** Whether the request line by itself exceeds the limit. */
const isRequestLine = (packet: Buffer | undefined): boolean =>
  packet !== undefined && /^[A-Z]+ \S+$/.test(packet.subarray(0, headBytesMax).toString('latin1'));
