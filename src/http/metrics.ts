import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../base/database/database.ts';
import type { RedisConnection } from '../base/memory/redis.ts';
import type { Exchange, Outcome } from './exchange.ts';

export interface Metrics {
  begin(): void;
  end(exchange: Exchange, outcome: Outcome): void;
  /** In Prometheus' text format. */
  print(): Promise<string>;
  readonly contentType: string;
}

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const labelNames = ['door', 'status'] as const;
const redisHelp = 'Whether Redis answers: while it is 0, this instance counts rate limits for itself';

/**
 * Requests by door and status class, the pool of connections, whether Redis answers, and the process itself.
 * @param redis absent where there is none
 */
export function createMetrics(
  database: Pick<Database, 'pool'>,
  redis?: Pick<RedisConnection, 'ready'>,
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'portolan_http_requests_total',
    help: 'Requests answered',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'portolan_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames,
    buckets: bucketsSeconds,
    registers,
  });
  let inFlight = 0;
  addGauge(registry, 'portolan_http_requests_in_flight', 'Requests being answered', () => inFlight);
  addPoolGauges(registry, database);
  if (redis) addGauge(registry, 'portolan_redis_up', redisHelp, () => Number(redis.ready()));

  return {
    contentType: registry.contentType,
    print: () => registry.metrics(),
    begin() {
      inFlight++;
    },
    end({ match }, { status, durationMs }) {
      inFlight--;
      const labels = { door: match?.door.name ?? 'none', status: statusClasses[Math.floor(status / 100)] };
      requests.inc(labels);
      durations.observe(labels, durationMs / 1000);
    },
  };
}

const statusClasses = ['', '1xx', '2xx', '3xx', '4xx', '5xx'];

function addPoolGauges(registry: Registry, { pool }: Pick<Database, 'pool'>): void {
  const connections = 'portolan_database_connections';
  addGauge(registry, connections, 'Open connections to the database', () => pool.totalCount);
  addGauge(registry, `${connections}_idle`, 'Connections without work', () => pool.idleCount);
  addGauge(
    registry,
    `${connections}_waiting`,
    'Requests for a connection that wait',
    () => pool.waitingCount,
  );
}

function addGauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}
