package dev.castellan.operator.cluster.desired;

import java.util.SortedMap;

/** Properties in the form that java.util.Properties reads, one in a line, in the order of their keys. */
final class PropertiesText {
    private PropertiesText() {}

    static String of(SortedMap<String, String> properties) {
        var text = new StringBuilder();
        properties.forEach((key, value) -> {
            escape(key, true, text);
            text.append('=');
            escape(value, false, text);
            text.append('\n');
        });
        return text.toString();
    }

    private static void escape(String text, boolean isKey, StringBuilder escaped) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case ' ' -> escaped.append(isKey || i == 0 ? "\\ " : " ");
                case ':', '=', '#', '!' -> escaped.append(isKey ? "\\" : "").append(c);
                // Whether the reader takes the file for UTF-8 or Latin 1 makes no difference.
                default -> {
                    if (c > ' ' && c < 127) {
                        escaped.append(c);
                    } else {
                        escaped.append("\\u%04x".formatted((int) c));
                    }
                }
            }
        }
    }
}
