// A body that is produced in chunks: sent whole when it is short, otherwise streamed no faster than the client reads.

export type Chunk = string | Uint8Array;

/** Characters or bytes. A body up to this size gets a length, and an error while producing it can still be reported. */
const gatheredMax = 1_000_000;

/** @returns the whole body, or a stream that closes the generator when it is cancelled */
export async function toBody(
  chunks: AsyncGenerator<Chunk>,
): Promise<string | Uint8Array | ReadableStream<Uint8Array>> {
  const gathered: Chunk[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return joined(gathered);
    gathered.push(value);
    size += value.length;
    if (size > gatheredMax) return toStream(gathered, chunks);
  }
}

/** @returns the whole body, whatever its size */
export async function toWholeBody(chunks: AsyncIterable<Chunk>): Promise<string | Uint8Array> {
  const gathered: Chunk[] = [];
  for await (const chunk of chunks) gathered.push(chunk);
  return joined(gathered);
}

const joined = (chunks: readonly Chunk[]): string | Uint8Array =>
  chunks.every(chunk => typeof chunk === 'string') ? chunks.join('') : Buffer.concat(chunks.map(toBytes));

function toStream(gathered: Chunk[], chunks: AsyncGenerator<Chunk>): ReadableStream<Uint8Array> {
  const rest = async function* () {
    yield* gathered.splice(0);
    yield* chunks;
  };
  const bytes = rest();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (let next = await bytes.next(); ; next = await bytes.next()) {
          if (next.done) return controller.close();
          if (next.value.length > 0) return controller.enqueue(toBytes(next.value));
        }
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

const toBytes = (chunk: Chunk): Uint8Array => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
