package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.access.Token;
import io.straightedge.deploy.access.Tokens;
import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Alerting;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.deploy.server.Address;
import io.straightedge.deploy.server.DoorLimits;
import io.straightedge.deploy.server.DoorOptions;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;

/** The page behind its login, in a real browser. */
@Timeout(180)
class LoginIT {

    private static final int PARTITIONS = 2;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final By MESSAGE = By.cssSelector("[role=alert]");
    private static final By ACKNOWLEDGE = By.xpath("//button[starts-with(@aria-label, 'Acknowledge divergence of r')]");
    private static final By SILENCE = By.xpath("//button[starts-with(@aria-label, 'Silence divergence of r')]");

    @TempDir
    static Path folder;

    private static final Map<String, String> texts = new LinkedHashMap<>();
    private static final Map<String, String> lines = new LinkedHashMap<>();

    private static Node node;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        token("admin", Scope.values());
        token("reader", Scope.READ);
        token("brief", Scope.READ);
        node = Node.start(new NodeOptions(
                EnumSet.allOf(Stage.class),
                null,
                EmbeddedBroker.Options.temporary(),
                new DoorOptions(
                        new Address("127.0.0.1", 0), false, writeTokens(), null, false, List.of(), DoorLimits.DEFAULT),
                PARTITIONS,
                (short) 1,
                ExactlyOnce.Protocol.CONSUMER,
                folder.resolve("locks"),
                Alerting.DEFAULT));
        node.writer()
                .write(List.of(Ladder.record(LossObservation.of("s", "r", 1, 9), PARTITIONS)))
                .block(SOON);
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

    @BeforeEach
    void forget() {
        browser.width(1280);
        browser.driver().get(node.url() + "/login");
        browser.driver().manage().deleteAllCookies();
        browser.complaints();
    }

    @Test
    void token_wrong_isRefusedWithAMessage() throws Exception {
        browser.driver().get(node.url());
        assertThat(browser.driver().getCurrentUrl())
                .as("whoever has no session")
                .endsWith("/login");
        assertThat(browser.driver().findElement(MESSAGE).getText()).isEmpty();
        browser.screenshot("login-1280");
        enter("se_wrong");
        assertThat(browser.driver().findElement(MESSAGE).getText()).contains("not known", "no longer valid");
        assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
                .as("where to try again")
                .isEqualTo("token");
        browser.screenshot("login-refused-1280");
        browser.width(390);
        browser.noSidewaysScroll();
        browser.screenshot("login-refused-390");
        assertThat(browser.driver().manage().getCookies()).isEmpty();
        browser.driver().get(node.url() + "/v1/runs");
        assertThat(browser.driver().getPageSource()).doesNotContain("\"runs\"");
    }

    @Test
    void token_ofAnAdmin_showsTheRunsAndTakesCommandsUntilLogout() throws Exception {
        alert("by-admin");
        login("admin");
        Await.until("the run", SOON, () -> browser.text("main").contains("r"));
        Await.until("live", SOON, () -> browser.text("connection-state").equals("Live"));
        Object kept = browser.driver()
                .executeScript("return document.cookie + JSON.stringify(localStorage)"
                        + " + JSON.stringify(sessionStorage) + location.href");
        assertThat(String.valueOf(kept)).doesNotContain(textOf("admin")).doesNotContain("straightedge=");
        browser.driver().get(node.url() + "/#/alerts");
        Await.until(
                "the alert",
                SOON,
                () -> !browser.driver().findElements(ACKNOWLEDGE).isEmpty());
        browser.driver().findElement(ACKNOWLEDGE).sendKeys(Keys.ENTER);
        Await.until("taken on", SOON, () -> browser.text("main").contains("taken on by admin"));
        browser.driver().findElement(SILENCE).sendKeys(Keys.ENTER);
        browser.driver().switchTo().activeElement().sendKeys(Keys.TAB, "disks", Keys.ENTER);
        Await.until("silenced", SOON, () -> browser.text("main").contains("silenced until"));
        assertThat(browser.complaints()).isEmpty();

        browser.screenshot("logged-in-1280");
        browser.width(390);
        browser.noSidewaysScroll();
        browser.screenshot("logged-in-390");
        browser.width(1280);
        Cookie session = Objects.requireNonNull(browser.driver().manage().getCookieNamed("straightedge"));
        browser.driver().findElement(By.id("logout")).click();
        Await.until("the login", SOON, LoginIT::atLogin);
        assertThat(browser.driver().manage().getCookies()).isEmpty();
        browser.driver().manage().addCookie(session);
        browser.driver().get(node.url());
        assertThat(atLogin()).as("the session has ended at the server too").isTrue();
    }

    @Test
    void token_thatMayOnlyRead_isToldWhyACommandIsNotTaken() throws Exception {
        alert("by-reader");
        login("reader");
        browser.driver().get(node.url() + "/#/alerts");
        Await.until(
                "the alert",
                SOON,
                () -> !browser.driver().findElements(ACKNOWLEDGE).isEmpty());
        browser.driver().findElement(ACKNOWLEDGE).sendKeys(Keys.ENTER);
        Await.until("a refusal", SOON, () -> browser.text("main").contains("Not taken: this token has no scope admin"));
        browser.driver().findElement(SILENCE).sendKeys(Keys.ENTER);
        browser.driver().switchTo().activeElement().sendKeys(Keys.TAB, "disks", Keys.ENTER);
        Await.until(
                "a refusal", SOON, () -> browser.text("main").contains("Not silenced: this token has no scope admin"));
        browser.screenshot("refused-1280");
        assertThat(browser.text("main")).doesNotContain("taken on by reader");
    }

    @Test
    void token_removedDuringTheSession_leadsToTheLogin() throws Exception {
        login("brief");
        Await.until("live", SOON, () -> browser.text("connection-state").equals("Live"));
        lines.remove("brief");
        writeTokens();
        Await.until("the login", SOON, LoginIT::atLogin);
        enter(textOf("brief"));
        assertThat(browser.driver().findElement(MESSAGE).getText()).contains("no longer valid");
    }

    private static boolean atLogin() {
        return String.valueOf(browser.driver().getCurrentUrl()).endsWith("/login");
    }

    private static void login(String name) throws Exception {
        browser.driver().get(node.url());
        enter(textOf(name));
        Await.until(
                "the page",
                SOON,
                () -> !browser.driver().findElements(By.id("connection")).isEmpty());
    }

    private static String textOf(String name) {
        return Objects.requireNonNull(texts.get(name));
    }

    private static void enter(String text) {
        browser.driver().findElement(By.id("token")).sendKeys(text, Keys.ENTER);
    }

    private static void token(String name, Scope... scopes) {
        Map<Scope, Set<String>> projects =
                Arrays.stream(scopes).collect(Collectors.toMap(Function.identity(), scope -> Set.of("*")));
        String text = Token.text();
        texts.put(name, text);
        lines.put(name, Tokens.line(new Token(name, Token.hash(text), projects, null)));
    }

    private static Path writeTokens() throws IOException {
        return Files.write(folder.resolve("tokens"), lines.values());
    }

    /** An alert of a run of that name's own. */
    private static void alert(String run) {
        Deviation found = Deviation.of(
                "s",
                "r-" + run,
                "train",
                "x",
                1,
                0,
                Detector.DIVERGENCE,
                10,
                14,
                9,
                4,
                true,
                Instant.now(),
                "it is up");
        node.writer()
                .write(List.of(new ProducerRecord<>(
                        Topics.DEVIATIONS,
                        Topics.partitionOf("s", PARTITIONS),
                        found.key().getBytes(StandardCharsets.UTF_8),
                        Json.write(found))))
                .block(SOON);
    }
}
