package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.deploy.server.Address;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real browser, on a node that a real broker feeds. Screenshots are left in target/screenshots. */
@Timeout(180)
class PageIT {

    private static final int PARTITIONS = 4;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String ODD = "<img src=x onerror=alert(1)> / \u00e9\u4e2d";

    @TempDir
    static Path folder;

    private static Node node;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        node = Node.start(new NodeOptions(
                EnumSet.allOf(Stage.class),
                null,
                EmbeddedBroker.Options.temporary(),
                new Address("127.0.0.1", 0),
                PARTITIONS,
                (short) 1,
                ExactlyOnce.Protocol.CONSUMER,
                folder.resolve("locks")));
        List<TrainingEvent> events = Ladder.events(1, 300, 5);
        write(events.subList(0, events.size() - 1000));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("CHROMIUM", "/usr/bin/chromium"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"));
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(program("CHROMEDRIVER", "/usr/bin/chromedriver")))
                .build();
        browser = new ChromeDriver(service, options);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    void page_whileRunsStream_showsThemLiveAtAnyWidth() throws Exception {
        width(1280);
        browser.get(node.url());
        Await.until(
                "eight runs with forecasts",
                SOON,
                () -> rows().size() == 8
                        && rows().stream().noneMatch(row -> row.getText().contains("too early")));
        Await.until("live", SOON, () -> text("connection-state").equals("Live"));
        Await.until("law and recommendation", SOON, () -> {
            String page = browser.findElement(By.id("main")).getText();
            return page.contains("1.00e+20")
                    || page.contains("10²⁰")
                    || page.contains("1e20")
                    || page.contains("1e+20");
        });
        assertThat(browser.findElements(By.cssSelector("canvas"))).isNotEmpty();
        screenshot("study-1280");

        String before = rows().get(0).getText();
        List<TrainingEvent> events = Ladder.events(1, 300, 5);
        write(events.subList(events.size() - 1000, events.size()));
        Await.until(
                "the page follows",
                SOON,
                () -> !rows().get(0).getText().equals(before)
                        && rows().stream().allMatch(row -> row.getText().contains("observed")));

        width(390);
        noSidewaysScroll();
        screenshot("study-390");

        width(1280);
        rows().get(0).findElement(By.tagName("a")).sendKeys(Keys.ENTER);
        Await.until(
                "the run's chart",
                SOON,
                () -> browser.getCurrentUrl().contains("#/runs/study-0/run-")
                        && !browser.findElements(By.cssSelector("#main canvas")).isEmpty());
        screenshot("run-1280");
        width(390);
        noSidewaysScroll();
        screenshot("run-390");

        assertThat(complaints()).isEmpty();
    }

    @Test
    void page_namesFromOutside_stayText() throws Exception {
        write(List.of(LossObservation.of(ODD, ODD, 1, 9), LossObservation.of(ODD, ODD, 2, 8)));
        width(1280);
        browser.get(node.url());
        Await.until("the study's tab", SOON, () -> text("studies").contains(ODD));
        browser.findElement(By.linkText(ODD)).click();
        Await.until(
                "its run",
                SOON,
                () -> rows().size() == 1 && rows().get(0).getText().contains(ODD));
        assertThat(browser.findElements(By.cssSelector("img"))).isEmpty();
        assertThat(complaints()).isEmpty();
    }

    @Test
    void alertsPage_silenceByKeyboard_holdsUntilItIsEnded() throws Exception {
        Instant now = Instant.now();
        Deviation found = Deviation.of(
                ODD, "r*", "train", "x", 1, 0, Detector.DIVERGENCE, 10, 14, 9, 4, true, now, "the <i>loss</i> is up");
        node.writer()
                .write(List.of(new ProducerRecord<>(
                        Topics.DEVIATIONS,
                        Topics.partitionOf(ODD, PARTITIONS),
                        found.key().getBytes(StandardCharsets.UTF_8),
                        Json.write(found))))
                .block(SOON);
        width(1280);
        browser.get(node.url() + "/#/alerts");
        By silence = By.xpath("//button[starts-with(@aria-label, 'Silence divergence of r*')]");
        Await.until("the alert", SOON, () -> browser.findElements(silence).size() == 1);
        browser.findElement(silence).sendKeys(Keys.ENTER);
        assertThat(browser.switchTo().activeElement().getAttribute("id")).isEqualTo("silence-hours");
        assertThat(value("silence-study")).isEqualTo(ODD);
        assertThat(value("silence-run")).isEqualTo("r*");
        assertThat(value("silence-rule")).isEqualTo("divergence");
        browser.switchTo().activeElement().sendKeys(Keys.TAB, "<i>disks</i>", Keys.ENTER);

        By end = By.xpath("//button[starts-with(@aria-label, 'End the silence of')]");
        Await.until("the silence", SOON, () -> browser.findElements(end).size() == 1);
        Await.until("on the alert", SOON, () -> text("main").contains("silenced until"));
        assertThat(text("main")).contains("<i>disks</i>", ODD + ": rule divergence, run r*");
        assertThat(browser.findElements(By.cssSelector("main i, main img"))).isEmpty();
        screenshot("alerts-1280");
        width(390);
        noSidewaysScroll();
        screenshot("alerts-390");

        browser.findElement(end).sendKeys(Keys.ENTER);
        Await.until("no silence", SOON, () -> text("main").contains("Nothing is silenced."));
        assertThat(browser.switchTo().activeElement().getAttribute("id")).isEqualTo("silences-title");
        assertThat(complaints()).isEmpty();
    }

    private static @Nullable String value(String id) {
        return browser.findElement(By.id(id)).getDomProperty("value");
    }

    private static List<WebElement> rows() {
        return browser.findElements(By.cssSelector("table.runs tbody tr"));
    }

    private static String text(String id) {
        return browser.findElement(By.id(id)).getText();
    }

    private static void width(int pixels) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", pixels < 600));
    }

    private static void noSidewaysScroll() {
        Object overflow = browser.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(overflow).as("pixels beyond the right edge").isEqualTo(0L);
    }

    private static void screenshot(String name) throws Exception {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    /** Errors that the browser has logged: refusals by the content security policy, exceptions, missing files. */
    private static List<String> complaints() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    private static void write(List<TrainingEvent> events) {
        node.writer()
                .write(events.stream()
                        .map(event -> Ladder.record(event, PARTITIONS))
                        .toList())
                .block(SOON);
    }

    /** Where a program is: a variable says so, or Debian's place. */
    private static String program(String variable, String debian) {
        String path = System.getenv().getOrDefault(variable, debian);
        assertThat(Path.of(path))
                .as("the browser test needs Debian's chromium and chromium-driver, or CHROMIUM and CHROMEDRIVER set")
                .isExecutable();
        return path;
    }
}
