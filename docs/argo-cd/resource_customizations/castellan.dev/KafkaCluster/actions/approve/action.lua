obj.spec.rollout = obj.spec.rollout or {}
obj.spec.rollout.approve = obj.status.plan.hash
return obj
