package dev.castellan.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The lines that the code is drawn by: what decides does no input or output, and knows neither clock nor chance. */
@AnalyzeClasses(packages = "dev.castellan.operator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {
        "..cluster.desired..",
        "..cluster.plan..",
        "..cluster.report..",
        "..placement..",
        "..topic.plan..",
        "..topic.report.."
    };

    /** The loop and the reconciler lie beside the types that a spec is made into, and laid out by. */
    private static final DescribedPredicate<JavaClass> DECISIONS = DescribedPredicate.describe(
            "decide what a cluster should be",
            type -> type.getPackageName().equals("dev.castellan.operator.cluster")
                    && !Set.of("KafkaClusterReconciler", "ClusterLoop", "ClusterEventSources")
                            .contains(outermost(type).getSimpleName()));

    private static final DescribedPredicate<JavaClass> IMPURE = DescribedPredicate.describe(
            "do input or output",
            type -> type.getPackageName().startsWith("io.fabric8.kubernetes.client")
                            && !type.getSimpleName().equals("CustomResource")
                    || type.getPackageName().startsWith("io.javaoperatorsdk")
                    || type.getPackageName().startsWith("io.quarkus")
                    || type.getPackageName().startsWith("org.apache.kafka.clients")
                    || type.getPackageName().startsWith("java.net.http")
                    || type.getPackageName().startsWith("java.nio.file")
                    || type.getName().startsWith("java.io.File")
                    || type.getName().equals("java.net.Socket")
                    || type.getName().equals("dev.castellan.operator.kube.Kube")
                    || type.getName().equals("dev.castellan.operator.kafka.KafkaAdmin")
                    || type.getName().equals("dev.castellan.operator.kafka.TopicAdmin")
                    || type.getSimpleName().equals("Logger"));

    private static final DescribedPredicate<JavaCall<?>> OF_CLOCK_OR_CHANCE = DescribedPredicate.describe(
            "ask the clock, chance or the environment", ArchitectureTest::isOfClockOrChance);

    @ArchTest
    static final ArchRule PURE_DRAWERS_DO_NO_IO = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(IMPURE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule PURE_DRAWERS_KNOW_NO_CLOCK_AND_NO_CHANCE = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callCodeUnitWhere(OF_CLOCK_OR_CHANCE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule DECISIONS_DO_NO_IO =
            noClasses().that(DECISIONS).should().dependOnClassesThat(IMPURE);

    @ArchTest
    static final ArchRule DECISIONS_KNOW_NO_CLOCK_AND_NO_CHANCE =
            noClasses().that(DECISIONS).should().callCodeUnitWhere(OF_CLOCK_OR_CHANCE);

    @ArchTest
    static final ArchRule ONLY_RECONCILERS_AND_EVENT_SOURCES_KNOW_THE_SDK = noClasses()
            .that()
            .resideInAnyPackage("..cluster..", "..topic..")
            .and()
            .haveNameNotMatching(".*(Reconciler|EventSources)([$_].*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javaoperatorsdk..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ONLY_THE_ADAPTER_KNOWS_THE_KAFKA_CLIENT = noClasses()
            .that()
            .resideOutsideOfPackages("..kafka..", "dev.castellan.operator")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka.clients.admin..");

    @ArchTest
    static final ArchRule PORTS_AND_NAMES_KNOW_NO_KIND = noClasses()
            .that()
            .resideInAnyPackage("..kafka..", "..kube..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..operator.cluster..", "..operator.topic..");

    @ArchTest
    static final ArchRule DESIRED_STATE_KNOWS_NO_PLAN = noClasses()
            .that()
            .resideInAPackage("..cluster.desired..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..cluster.plan..", "..cluster.observe..", "..cluster.act..", "..cluster.report..");

    @ArchTest
    static final ArchRule KINDS_DO_NOT_KNOW_EACH_OTHER_BOTH_WAYS = slices().matching(
                    "dev.castellan.operator.(cluster|topic)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NO_DRAWER_FOR_ODDS_AND_ENDS = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..helper..", "..common..")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Handler")
            .orShould()
            .haveSimpleNameEndingWith("Processor")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameStartingWith("Abstract");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class);

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static boolean isOfClockOrChance(JavaCall<?> call) {
        var owner = call.getTargetOwner().getName();
        var name = call.getName();
        return switch (owner) {
            case "java.lang.System" -> true;
            case "java.util.UUID" -> name.equals("randomUUID");
            case "org.apache.kafka.common.Uuid" -> name.equals("randomUuid");
            case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
            case "java.lang.Math" -> name.equals("random");
            case "java.util.Random", "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom" -> true;
            default -> owner.startsWith("java.time.") && name.equals("now");
        };
    }
}
