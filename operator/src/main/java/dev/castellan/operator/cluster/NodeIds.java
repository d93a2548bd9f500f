package dev.castellan.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ids of nodes as they are on record with a StatefulSet, in an annotation. */
final class NodeIds {
    private static final Pattern FORM = Pattern.compile("\\d{1,9}(,\\d{1,9})*");

    private NodeIds() {}

    /** None where nothing is on record, or what somebody has made unreadable. */
    static SortedSet<Integer> of(StatefulSet live, String annotation) {
        return Optional.ofNullable(live.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(annotation))
                .filter(ids -> FORM.matcher(ids).matches())
                .map(ids ->
                        Stream.of(ids.split(",")).map(Integer::valueOf).collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    /** As they are written down. */
    static String mark(Collection<Integer> ids) {
        return ids.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }
}
