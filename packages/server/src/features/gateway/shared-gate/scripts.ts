/**
 * What several gateways share lives in Redis, under one prefix: `…:day:<name>` and `…:month:<name>` hold what was spent by
 * account (field `#`: filled from the ledger), `…:held` what turns under way hold, `…:owner:<id>` the same by gateway and
 * with a mark for each turn, `…:alive:<id>` a gateway's lease, `…:rate:<rule>` a sliding window in 61 parts. Time is
 * Redis's own, so that clocks of machines may differ.
 */
const TIME = `
local p = KEYS[1]
local q = cjson.decode(ARGV[1])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function int(n) return string.format('%.0f', n) end
`;

/** Gives back what a gateway holds of a field, never more than it does hold. */
const RELEASE = `
local held = p .. ':held'
local function release(owner, field, amount)
  local key = p .. ':owner:' .. owner
  local mine = tonumber(redis.call('HGET', key, field) or '0')
  local given = math.min(mine, amount)
  if given <= 0 then return end
  if redis.call('HINCRBY', key, field, int(-given)) <= 0 then redis.call('HDEL', key, field) end
  if redis.call('HINCRBY', held, field, int(-given)) <= 0 then redis.call('HDEL', held, field) end
end
`;

/** Open turns, limits and budgets in one step: everything is taken, or nothing. */
export const TAKE = `${TIME}
local held = p .. ':held'
local mine = p .. ':owner:' .. q.owner
if redis.call('EXISTS', p .. ':alive:' .. q.owner) == 0 then return {'orphan'} end
local open = 'open|' .. q.device
if tonumber(redis.call('HGET', held, open) or '0') >= q.open then return {'open'} end
for i, r in ipairs(q.rates) do
  local key = p .. ':rate:' .. r.key
  local slot = math.floor(now / r.slot)
  local all = redis.call('HGETALL', key)
  local used, live = 0, {}
  for j = 1, #all, 2 do
    local s, n = tonumber(all[j]), tonumber(all[j + 1])
    if s > slot - 61 then
      used = used + n
      live[#live + 1] = {s, n}
    else
      redis.call('HDEL', key, all[j])
    end
  end
  if used + r.amount > r.limit then
    table.sort(live, function(a, b) return a[1] < b[1] end)
    local left, allowed, wait = used, math.max(0, r.limit - r.amount), 61 * r.slot
    for _, one in ipairs(live) do
      left = left - one[2]
      if left <= allowed then
        wait = (one[1] + 61) * r.slot - now
        break
      end
    end
    return {'rate', i, int(used), int(math.max(1, wait))}
  end
end
if q.micros > 0 then
  for _, span in ipairs(q.spans) do
    if redis.call('HEXISTS', p .. ':' .. span.key, '#') == 0 then return {'unfilled'} end
  end
  for _, hold in ipairs(q.holds) do
    local spent = tonumber(redis.call('HGET', p .. ':' .. hold.span, hold.account) or '0')
    local taken = tonumber(redis.call('HGET', held, hold.span .. '|' .. hold.account) or '0')
    if spent + taken + q.micros > hold.limit then return {'budget', hold.index, int(spent)} end
  end
  for _, hold in ipairs(q.holds) do
    local field = hold.span .. '|' .. hold.account
    redis.call('HINCRBY', held, field, int(q.micros))
    redis.call('HINCRBY', mine, field, int(q.micros))
  end
end
redis.call('HINCRBY', held, open, 1)
redis.call('HINCRBY', mine, open, 1)
redis.call('HSET', mine, 'turn|' .. q.id, 1)
for _, r in ipairs(q.rates) do
  local key = p .. ':rate:' .. r.key
  redis.call('HINCRBY', key, int(math.floor(now / r.slot)), int(r.amount))
  redis.call('PEXPIRE', key, int(r.slot * 122))
end
return {'ok', int(now)}
`;

/**
 * Ends a turn once: what it held goes back and what it used is counted. When the mark is gone and this is another try,
 * the first one did arrive. Answers what each account has spent.
 */
export const SETTLE = `${TIME}${RELEASE}
local mine = p .. ':owner:' .. q.owner
local marked = redis.call('HDEL', mine, 'turn|' .. q.id) == 1
if not marked and q.again then return {} end
if marked then
  release(q.owner, 'open|' .. q.device, 1)
  for _, hold in ipairs(q.holds) do release(q.owner, hold.span .. '|' .. hold.account, q.micros) end
end
for _, r in ipairs(q.rates) do
  local key = p .. ':rate:' .. r.key
  local slot = math.floor(q.at / r.slot)
  if slot > math.floor(now / r.slot) - 61 then
    redis.call('HINCRBY', key, int(slot), int(r.amount))
    redis.call('PEXPIRE', key, int(r.slot * 122))
  end
end
local sums = {}
for _, span in ipairs(q.spans) do
  local key = p .. ':' .. span.key
  if redis.call('HEXISTS', key, '#') == 1 then
    for _, account in ipairs(q.accounts) do
      sums[#sums + 1] = {span.key, account, int(redis.call('HINCRBY', key, account, int(q.spent)))}
    end
  end
end
return sums
`;

/** Fills a span from the ledger, unless somebody was faster. */
export const FILL = `${TIME}
for _, span in ipairs(q.spans) do
  local key = p .. ':' .. span.key
  if q.over or redis.call('HEXISTS', key, '#') == 0 then
    redis.call('DEL', key)
    redis.call('HSET', key, '#', 1)
    for account, micros in pairs(span.spent) do redis.call('HSET', key, account, int(micros)) end
    redis.call('PEXPIREAT', key, int(span.forget))
  end
end
return 1
`;

/** Renews a gateway's lease and gives back what gateways held whose lease ran out. Answers whether it still had its own. */
export const BEAT = `${TIME}
local held = p .. ':held'
local alive = redis.call('EXISTS', p .. ':alive:' .. q.owner)
if q.leave then
  redis.call('DEL', p .. ':alive:' .. q.owner)
else
  redis.call('SADD', p .. ':owners', q.owner)
  redis.call('SET', p .. ':alive:' .. q.owner, 1, 'PX', int(q.lease))
end
for _, owner in ipairs(redis.call('SMEMBERS', p .. ':owners')) do
  if redis.call('EXISTS', p .. ':alive:' .. owner) == 0 then
    local key = p .. ':owner:' .. owner
    local all = redis.call('HGETALL', key)
    for j = 1, #all, 2 do
      if string.sub(all[j], 1, 5) ~= 'turn|' then
        if redis.call('HINCRBY', held, all[j], int(-tonumber(all[j + 1]))) <= 0 then redis.call('HDEL', held, all[j]) end
      end
    end
    redis.call('DEL', key)
    redis.call('SREM', p .. ':owners', owner)
  end
end
return alive
`;

/** Everything there is, for people to look at. */
export const LOOK = `${TIME}
local found = {spent = {}, used = {}}
for _, span in ipairs(q.spans) do found.spent[#found.spent + 1] = redis.call('HGETALL', p .. ':' .. span.key) end
found.held = redis.call('HGETALL', p .. ':held')
for i, r in ipairs(q.rates) do
  local slot, all, used = math.floor(now / r.slot), redis.call('HGETALL', p .. ':rate:' .. r.key), 0
  for j = 1, #all, 2 do
    if tonumber(all[j]) > slot - 61 then used = used + tonumber(all[j + 1]) end
  end
  found.used[i] = used
end
return cjson.encode(found)
`;
