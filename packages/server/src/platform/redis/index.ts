export { openRedis, RedisAwayError, type RedisClient } from './open-redis.ts';
