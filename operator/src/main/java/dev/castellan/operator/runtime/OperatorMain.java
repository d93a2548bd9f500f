package dev.castellan.operator.runtime;

import dev.castellan.operator.command.Commands;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.security.Security;

/** Starts the operator, or, with arguments, one of its commands. */
@QuarkusMain
public class OperatorMain {
    /**
     * The JVM remembers for ten seconds that a name did not resolve; and pods that are just starting do not. That can be
     * set before the first look-up only, and not by a system property.
     */
    public static void main(String... arguments) {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        if (arguments.length > 0) {
            System.exit(Commands.run(arguments));
        }
        Quarkus.run();
    }
}
