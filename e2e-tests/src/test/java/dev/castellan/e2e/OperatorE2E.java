package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Operator;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator as its chart installs it. */
@E2E
class OperatorE2E {
    private static final String ACCOUNT = "system:serviceaccount:" + Operator.NAMESPACE + ":castellan";

    @Test
    void hasThePermissionsOfTheChartAndNoOthers(Scene scene) {
        var rbac = scene.client().rbac();

        assertThat(rbac.clusterRoleBindings().list().getItems())
                .filteredOn(binding -> isOurs(binding.getSubjects()))
                .extracting(binding -> binding.getRoleRef().getName())
                .containsExactly("castellan");
        assertThat(rbac.roleBindings().inAnyNamespace().list().getItems())
                .filteredOn(binding -> isOurs(binding.getSubjects()))
                .extracting(binding -> binding.getRoleRef().getName())
                .containsExactly("castellan-leader-election");
    }

    @Test
    void canNeitherReadSecretsNorDeleteDisksNorChangePermissions(Scene scene) {
        assertThat(may(scene, "get", "", "secrets")).isFalse();
        assertThat(may(scene, "list", "", "secrets")).isFalse();
        assertThat(may(scene, "delete", "", "persistentvolumes")).isFalse();
        assertThat(may(scene, "patch", "", "nodes")).isFalse();
        assertThat(may(scene, "create", "rbac.authorization.k8s.io", "clusterrolebindings"))
                .isFalse();
        assertThat(may(scene, "create", "", "pods/exec")).isFalse();
        assertThat(may(scene, "patch", "castellan.dev", "kafkaclusters")).isFalse();
        assertThat(may(scene, "delete", "castellan.dev", "kafkaclusters")).isFalse();
    }

    private static boolean isOurs(List<Subject> subjects) {
        return subjects.stream()
                .anyMatch(subject -> "ServiceAccount".equals(subject.getKind())
                        && Operator.NAMESPACE.equals(subject.getNamespace())
                        && "castellan".equals(subject.getName()));
    }

    private static boolean may(Scene scene, String verb, String group, String resource) {
        var slash = resource.indexOf('/');
        return scene.client()
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(ACCOUNT)
                        .withGroups("system:serviceaccounts", "system:authenticated")
                        .withNewResourceAttributes()
                        .withNamespace(scene.namespace())
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(slash < 0 ? resource : resource.substring(0, slash))
                        .withSubresource(slash < 0 ? null : resource.substring(slash + 1))
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }
}
