obj.metadata.annotations = obj.metadata.annotations or {}
obj.metadata.annotations["castellan.dev/pause"] = "true"
return obj
