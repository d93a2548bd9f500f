-- Health of a KafkaCluster, as its status tells it. What each state means: docs/argo-cd.md.
local status = obj.status or {}

local function condition(type)
  for _, c in ipairs(status.conditions or {}) do
    if c.type == type and (c.status == "True" or type == "Ready") then
      return c
    end
  end
end

-- The annotation itself, which is never out of date: while paused, the status takes no newer generation for seen.
if (obj.metadata.annotations or {})["castellan.dev/pause"] == "true" then
  return {status = "Suspended", message = "nothing is done until the annotation castellan.dev/pause is taken away"}
end
if (status.observedGeneration or -1) < obj.metadata.generation then
  return {status = "Progressing", message = "the operator has not seen this change yet"}
end

local ready = condition("Ready") or {status = "Unknown", message = "nothing is known yet"}
local stalled, reconciling = condition("Stalled"), condition("Reconciling")
if stalled then
  return {status = "Degraded", message = stalled.message}
end
if reconciling then
  return {status = "Progressing", message = reconciling.message}
end
-- As declared: whoever lets it sleep waits for nothing.
local hibernating = condition("Hibernating")
if hibernating then
  return {status = "Healthy", message = hibernating.message}
end
if ready.status == "False" then
  return {status = "Degraded", message = ready.message}
end
if ready.status ~= "True" then
  return {status = "Progressing", message = ready.message}
end

local degraded, held = condition("Degraded"), condition("Held")
if degraded and (degraded.reason == "PartitionsOffline" or degraded.reason == "PartitionsUnderMinIsr") then
  return {status = "Degraded", message = degraded.message}
end
-- A window opens by itself: nobody has to do anything, and no sync should wait for Saturday.
if held and held.reason ~= "OutsideWindow" then
  return {status = "Suspended", message = held.message}
end
return {status = "Healthy", message = (degraded or held or ready).message}
