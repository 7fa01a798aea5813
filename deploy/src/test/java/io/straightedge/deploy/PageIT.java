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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a real browser, on a node that a real broker feeds. Screenshots are left in target/screenshots. */
@Timeout(180)
class PageIT {

    private static final int PARTITIONS = 4;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ODD = "<img src=x onerror=alert(1)> / \u00e9\u4e2d";

    @TempDir
    static Path folder;

    private static Node node;
    private static Browser browser;

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
        browser = Browser.open(folder);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    void page_whileRunsStream_showsThemLiveAtAnyWidth() throws Exception {
        browser.width(1280);
        browser.driver().get(node.url());
        Await.until(
                "eight runs with forecasts",
                SOON,
                () -> rows().size() == 8
                        && rows().stream().noneMatch(row -> row.getText().contains("too early")));
        Await.until("live", SOON, () -> browser.text("connection-state").equals("Live"));
        Await.until("law and recommendation", SOON, () -> {
            String page = browser.driver().findElement(By.id("main")).getText();
            return page.contains("1.00e+20")
                    || page.contains("10²⁰")
                    || page.contains("1e20")
                    || page.contains("1e+20");
        });
        assertThat(browser.driver().findElements(By.cssSelector("canvas"))).isNotEmpty();
        browser.screenshot("study-1280");

        String before = rows().get(0).getText();
        List<TrainingEvent> events = Ladder.events(1, 300, 5);
        write(events.subList(events.size() - 1000, events.size()));
        Await.until(
                "the page follows",
                SOON,
                () -> !rows().get(0).getText().equals(before)
                        && rows().stream().allMatch(row -> row.getText().contains("observed")));

        browser.width(390);
        browser.noSidewaysScroll();
        browser.screenshot("study-390");

        browser.width(1280);
        rows().get(0).findElement(By.tagName("a")).sendKeys(Keys.ENTER);
        Await.until(
                "the run's chart",
                SOON,
                () -> browser.driver().getCurrentUrl().contains("#/runs/study-0/run-")
                        && !browser.driver()
                                .findElements(By.cssSelector("#main canvas"))
                                .isEmpty());
        browser.screenshot("run-1280");
        browser.width(390);
        browser.noSidewaysScroll();
        browser.screenshot("run-390");

        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void page_namesFromOutside_stayText() throws Exception {
        write(List.of(LossObservation.of(ODD, ODD, 1, 9), LossObservation.of(ODD, ODD, 2, 8)));
        browser.width(1280);
        browser.driver().get(node.url());
        Await.until("the study's tab", SOON, () -> browser.text("studies").contains(ODD));
        browser.driver().findElement(By.linkText(ODD)).click();
        Await.until(
                "its run",
                SOON,
                () -> rows().size() == 1 && rows().get(0).getText().contains(ODD));
        assertThat(browser.driver().findElements(By.cssSelector("img"))).isEmpty();
        assertThat(browser.complaints()).isEmpty();
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
        browser.width(1280);
        browser.driver().get(node.url() + "/#/alerts");
        By silence = By.xpath("//button[starts-with(@aria-label, 'Silence divergence of r*')]");
        Await.until(
                "the alert", SOON, () -> browser.driver().findElements(silence).size() == 1);
        browser.driver().findElement(silence).sendKeys(Keys.ENTER);
        assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
                .isEqualTo("silence-hours");
        assertThat(browser.value("silence-study")).isEqualTo(ODD);
        assertThat(browser.value("silence-run")).isEqualTo("r*");
        assertThat(browser.value("silence-rule")).isEqualTo("divergence");
        browser.driver().switchTo().activeElement().sendKeys(Keys.TAB, "<i>disks</i>", Keys.ENTER);

        By end = By.xpath("//button[starts-with(@aria-label, 'End the silence of')]");
        Await.until(
                "the silence", SOON, () -> browser.driver().findElements(end).size() == 1);
        Await.until("on the alert", SOON, () -> browser.text("main").contains("silenced until"));
        assertThat(browser.text("main")).contains("<i>disks</i>", ODD + ": rule divergence, run r*");
        assertThat(browser.driver().findElements(By.cssSelector("main i, main img")))
                .isEmpty();
        browser.screenshot("alerts-1280");
        browser.width(390);
        browser.noSidewaysScroll();
        browser.screenshot("alerts-390");

        browser.driver().findElement(end).sendKeys(Keys.ENTER);
        Await.until("no silence", SOON, () -> browser.text("main").contains("Nothing is silenced."));
        assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
                .isEqualTo("silences-title");
        assertThat(browser.complaints()).isEmpty();
    }

    private static List<WebElement> rows() {
        return browser.driver().findElements(By.cssSelector("table.runs tbody tr"));
    }

    private static void write(List<TrainingEvent> events) {
        node.writer()
                .write(events.stream()
                        .map(event -> Ladder.record(event, PARTITIONS))
                        .toList())
                .block(SOON);
    }
}
