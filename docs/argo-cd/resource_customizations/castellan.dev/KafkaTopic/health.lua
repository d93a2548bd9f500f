-- Health of a KafkaTopic, as its status tells it. What each state means: docs/argo-cd.md.
local status = obj.status or {}

local function condition(type)
  for _, c in ipairs(status.conditions or {}) do
    if c.type == type and (c.status == "True" or type == "Ready") then
      return c
    end
  end
end

if (status.observedGeneration or -1) < obj.metadata.generation then
  return {status = "Progressing", message = "the operator has not seen this change yet"}
end

local ready = condition("Ready") or {status = "Unknown", message = "nothing is known yet"}
local reconciling, violated = condition("Reconciling"), condition("PolicyViolated")
if condition("Stalled") then
  return {status = "Degraded", message = ready.message}
end
if reconciling then
  return {status = "Progressing", message = reconciling.message}
end
if ready.status == "True" then
  return {status = "Healthy", message = (violated or ready).message}
end
return {status = ready.status == "False" and "Degraded" or "Progressing", message = ready.message}
