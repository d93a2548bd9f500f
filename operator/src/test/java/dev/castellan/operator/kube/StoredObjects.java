package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Objects by kind and name, each kind in the order of their making; lists are made once after a change, not each time. */
final class StoredObjects {
    record Key(Class<?> kind, String name) {}

    /** @param applied what our field manager last applied; null where the object is not ours, or was changed since */
    record Stored(HasMetadata object, HasMetadata applied) {}

    private final Map<Class<?>, Map<String, Stored>> kinds = new LinkedHashMap<>();
    private final Map<Class<?>, List<HasMetadata>> lists = new HashMap<>();
    private final Map<Class<?>, List<HasMetadata>> selections = new HashMap<>();

    Stored get(Key key) {
        var kind = kinds.get(key.kind());
        return kind == null ? null : kind.get(key.name());
    }

    void put(Key key, Stored stored) {
        kinds.computeIfAbsent(key.kind(), kind -> new LinkedHashMap<>()).put(key.name(), stored);
        forgetLists(key.kind());
    }

    void remove(Key key) {
        var kind = kinds.get(key.kind());
        if (kind != null && kind.remove(key.name()) != null) {
            forgetLists(key.kind());
        }
    }

    private void forgetLists(Class<?> kind) {
        lists.remove(kind);
        selections.remove(kind);
    }

    /** What is selected depends on more than the objects, and that has changed. */
    void forgetLists() {
        selections.clear();
    }

    @SuppressWarnings("unchecked")
    <T extends HasMetadata> List<T> list(Class<T> kind) {
        return (List<T>) lists.computeIfAbsent(kind, this::objects);
    }

    /** @param selected always the same, or {@link #forgetLists} must be called */
    @SuppressWarnings("unchecked")
    <T extends HasMetadata> List<T> list(Class<T> kind, Predicate<HasMetadata> selected) {
        return (List<T>) selections.computeIfAbsent(kind, name -> {
            var objects = new ArrayList<HasMetadata>(list(kind));
            objects.removeIf(selected.negate());
            return Collections.unmodifiableList(objects);
        });
    }

    void forEach(Consumer<HasMetadata> action) {
        kinds.values().forEach(kind -> kind.values().forEach(stored -> action.accept(stored.object())));
    }

    private List<HasMetadata> objects(Class<?> kind) {
        var objects = new ArrayList<HasMetadata>();
        kinds.getOrDefault(kind, Map.of()).values().forEach(stored -> objects.add(stored.object()));
        return Collections.unmodifiableList(objects);
    }
}
