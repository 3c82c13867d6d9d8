import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../base/database/database.ts';
import type { RedisConnection } from '../base/memory/redis.ts';
import type { Exchange, Outcome } from './exchange.ts';

export interface Metrics {
  begin(): void;
  end(exchange: Exchange, outcome: Outcome): void;
  /** In the Prometheus text format. */
  print(): Promise<string>;
  readonly contentType: string;
  /** For the metrics of other parts. */
  readonly registry: Registry;
}

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const labelNames = ['door', 'status'] as const;
const redisHelp = 'Whether Redis responds: while it is 0, this instance counts rate limits by itself';

/**
 * Requests by route group (label `door`) and status class, the connection pool, whether Redis responds, and the process.
 * @param redis absent if Redis is not configured
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
    help: 'Time from the request headers to the end of the response',
    labelNames,
    buckets: bucketsSeconds,
    registers,
  });
  let inFlight = 0;
  addGauge(registry, 'portolan_http_requests_in_flight', 'Requests being answered', () => inFlight);
  addPoolGauges(registry, database);
  if (redis) addGauge(registry, 'portolan_redis_up', redisHelp, () => Number(redis.ready()));

  return {
    registry,
    contentType: registry.contentType,
    print: () => registry.metrics(),
    begin() {
      inFlight++;
    },
    end({ match }, { status, durationMs }) {
      inFlight--;
      const labels = { door: match?.group.name ?? 'none', status: statusClasses[Math.floor(status / 100)] };
      requests.inc(labels);
      durations.observe(labels, durationMs / 1000);
    },
  };
}

const statusClasses = ['', '1xx', '2xx', '3xx', '4xx', '5xx'];

function addPoolGauges(registry: Registry, { pool }: Pick<Database, 'pool'>): void {
  const connections = 'portolan_database_connections';
  addGauge(registry, connections, 'Open connections to the database', () => pool.totalCount);
  addGauge(registry, `${connections}_idle`, 'Idle connections to the database', () => pool.idleCount);
  addGauge(registry, `${connections}_waiting`, 'Requests waiting for a connection', () => pool.waitingCount);
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
