package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium that shows one page, over its DevTools protocol: what it says, how it looks, what scripts give. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final long SECONDS = 120;

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final String session;
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
    private int last;

    /** The program, null where the machine has none. */
    static String program() {
        return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse(null);
    }

    /** @param profile an empty directory for the browser's own files */
    Browser(Path profile) throws Exception {
        process = new ProcessBuilder(
                        program(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address()), new Listener())
                .get(SECONDS, TimeUnit.SECONDS);
        JsonNode target =
                call(null, "Target.createTarget", MAPPER.createObjectNode().put("url", "about:blank"));
        session = call(
                        null,
                        "Target.attachToTarget",
                        MAPPER.createObjectNode()
                                .put("targetId", target.get("targetId").asText())
                                .put("flatten", true))
                .get("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", MAPPER.createObjectNode());
        }
    }

    private String address() throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                drain(output);
                return matcher.group(1);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the browser ended: " + said);
    }

    private static void drain(BufferedReader output) {
        Thread reader = new Thread(() -> output.lines().forEach(line -> {}), "browser output");
        reader.setDaemon(true);
        reader.start();
    }

    /** What the page complained about since it was opened: console errors, warnings and exceptions. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** What the page asked for over the network or from files, itself included. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Opens a page in a window of that many pixels. */
    void open(Path page, int width, int height, boolean dark) throws Exception {
        complaints.clear();
        requests.clear();
        ObjectNode metrics = MAPPER.createObjectNode().put("width", width).put("height", height);
        call(
                "Emulation.setDeviceMetricsOverride",
                metrics.put("deviceScaleFactor", 1).put("mobile", width < 600));
        ObjectNode media = MAPPER.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", media);
        loaded = new CompletableFuture<>();
        call("Page.navigate", MAPPER.createObjectNode().put("url", page.toUri().toString()));
        loaded.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Value of a JavaScript expression, which must be JSON. */
    JsonNode evaluate(String expression) throws Exception {
        ObjectNode parameters = MAPPER.createObjectNode()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true);
        JsonNode answer = call("Runtime.evaluate", parameters);
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.get("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /** Presses and releases a key that is no letter. */
    void press(String key, int code) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            ObjectNode event = MAPPER.createObjectNode().put("type", type).put("key", key);
            call("Input.dispatchKeyEvent", event.put("code", key).put("windowsVirtualKeyCode", code));
        }
    }

    /** Saves the whole page, or its first {@code height} pixels where that is positive. */
    void screenshot(Path file, int height) throws Exception {
        JsonNode size = evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]");
        ObjectNode parameters = MAPPER.createObjectNode().put("format", "png").put("captureBeyondViewport", true);
        parameters
                .putObject("clip")
                .put("x", 0)
                .put("y", 0)
                .put("width", size.get(0).asInt())
                .put("height", height > 0 ? height : size.get(1).asInt())
                .put("scale", 1);
        byte[] png = Base64.getDecoder()
                .decode(call("Page.captureScreenshot", parameters).get("data").asText());
        Files.createDirectories(file.getParent());
        Files.write(file, png);
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        return call(session, method, parameters);
    }

    private JsonNode call(String to, String method, ObjectNode parameters) throws Exception {
        int id = ++last;
        ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        if (to != null) {
            message.put("sessionId", to);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
        JsonNode received = answer.get(SECONDS, TimeUnit.SECONDS);
        if (received.has("error")) {
            throw new IllegalStateException(method + ": " + received.get("error"));
        }
        return received.get("result");
    }

    private void event(String method, JsonNode parameters) {
        switch (method) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Runtime.exceptionThrown", "Log.entryAdded" -> complaints.add(parameters.toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning").contains(parameters.path("type").asText())) {
                    complaints.add(parameters.toString());
                }
            }
            case "Network.requestWillBeSent" ->
                requests.add(parameters.path("request").path("url").asText());
            default -> {
                // Other events are of no interest.
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean end) {
            text.append(data);
            if (end) {
                accept(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void accept(String message) {
            try {
                JsonNode node = MAPPER.readTree(message);
                if (node.has("id")) {
                    answers.remove(node.get("id").asInt()).complete(node);
                } else {
                    event(node.path("method").asText(), node.path("params"));
                }
            } catch (IOException broken) {
                complaints.add("message that is no JSON: " + message);
            }
        }
    }
}
