package dev.castellan.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.Locale;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each class of tests its scene, judges traffic and operator log after each test, and gathers evidence of a failure. */
final class SceneExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver,
                LifecycleMethodExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SceneExtension.class);
    private static final Namespace STORE = Namespace.create(SceneExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        var suites = context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(Suites.class, key -> new Suites(Setting.mostSuites()), Suites.class);
        var loan = suites.borrow();
        context.getStore(STORE).put(Suites.Loan.class, loan); // closed when all is done with the class
        var suite = loan.suite;
        var namespace = "e2e-"
                + context.getRequiredTestClass()
                        .getSimpleName()
                        .replaceAll("(E2E|Bench)$", "")
                        .replaceAll("([a-z])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT);
        Await.untilGone(suite.client.namespaces().withName(namespace), "namespace of an earlier run", Kafka.PATIENCE);
        suite.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("castellan.dev/e2e", "true")
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        context.getStore(STORE).put(Scene.class, new Scene(suite, suites, namespace));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        LOG.info("→ {}.{}", context.getRequiredTestClass().getSimpleName(), context.getDisplayName());
        context.getStore(STORE).put("started", System.nanoTime());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var millis = (System.nanoTime() - context.getStore(STORE).get("started", Long.class)) / 1_000_000;
        var failed = context.getExecutionException().isPresent();
        if (!failed) {
            try {
                scene(context).verifyTraffic();
            } catch (RuntimeException | AssertionError e) {
                gather(context);
                throw e;
            }
        } else {
            gather(context);
        }
        LOG.info(
                "{} {}.{}: {} s",
                failed ? "✗" : "✓",
                context.getRequiredTestClass().getSimpleName(),
                context.getDisplayName(),
                millis / 1000.0);
        assertThat(scene(context).operator().log().unexpectedErrors())
                .as("errors in the operator's log that nobody expected")
                .isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        scene(context).end();
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        gather(context);
        throw failure;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Scene.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return scene(context);
    }

    private static Scene scene(ExtensionContext context) {
        return context.getStore(STORE).get(Scene.class, Scene.class);
    }

    private static void gather(ExtensionContext context) {
        var scene = scene(context);
        var test = context.getRequiredTestClass().getSimpleName()
                + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
        LOG.error("{} failed; what was seen is in {}", test, scene.gatherEvidence(test));
    }
}
