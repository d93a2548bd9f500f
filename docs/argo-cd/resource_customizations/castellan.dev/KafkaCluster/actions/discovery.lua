local status = obj.status or {}
local paused = (obj.metadata.annotations or {})["castellan.dev/pause"] == "true"

-- Only the plan of what is declared now can be approved.
local approvable = false
if status.observedGeneration == obj.metadata.generation and status.plan ~= nil and status.plan.hash ~= nil then
  for _, c in ipairs(status.conditions or {}) do
    approvable = approvable or (c.type == "Held" and c.status == "True" and c.reason == "AwaitingApproval")
  end
end

return {
  pause = {disabled = paused, iconClass = "fa fa-fw fa-pause"},
  resume = {disabled = not paused, iconClass = "fa fa-fw fa-play"},
  approve = {disabled = not approvable, iconClass = "fa fa-fw fa-check"}
}
