package dev.castellan.e2e.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of end-to-end tests. It has a namespace of its own; its tests run in the order of {@code @Order} and may build on
 * each other's cluster. Its constructor or methods take a {@link Scene}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SceneExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public @interface E2E {}
