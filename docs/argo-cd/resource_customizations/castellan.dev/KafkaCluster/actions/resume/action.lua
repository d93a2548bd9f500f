-- Not taken away: Argo CD loses the removal of the last annotation, since Lua's empty table is an empty list to it.
obj.metadata.annotations["castellan.dev/pause"] = "false"
return obj
