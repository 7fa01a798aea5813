package io.straightedge.deploy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The layers of docs/architecture.md, held by the compiled classes themselves. */
final class ArchitectureTest {

    private static final String ROOT = "io.straightedge.";

    private static final List<String> MODULES = List.of("protocol", "ingest", "fitter", "publisher", "deploy");

    private static final List<String> STAGES = List.of("ingest", "fitter", "publisher");

    /** Libraries without Kafka, Reactor or a clock: whatever decides takes time as a parameter. */
    private static final String[] PURE = Stream.of(
                    "protocol.run",
                    "protocol.fit",
                    "protocol.signal",
                    "protocol.law",
                    "protocol.codec",
                    "ingest.clean",
                    "ingest.finals",
                    "ingest.history",
                    "ingest.files",
                    "ingest.losscast",
                    "ingest.manifest",
                    "ingest.metric",
                    "ingest.otlp",
                    "ingest.replay",
                    "ingest.simulate",
                    "ingest.source",
                    "ingest.tensorboard",
                    "ingest.text",
                    "ingest.timeline",
                    "ingest.wandb",
                    "fitter.curve",
                    "fitter.history",
                    "fitter.law",
                    "fitter.isoflop",
                    "fitter.envelope",
                    "fitter.doubt",
                    "fitter.solve",
                    "fitter.interval",
                    "fitter.detect",
                    "publisher.predict",
                    "publisher.rule")
            .map(name -> ROOT + name + "..")
            .toArray(String[]::new);

    /** The bridge is where blocking clients meet Flux: its loops are subscribed to inside it, each for a reason. */
    private static final String BRIDGE = ROOT + "protocol.kafka..";

    /** Looks at the cluster every few milliseconds until its new topics have leaders, once, before anything streams. */
    private static final String MAY_SLEEP = ROOT + "protocol.kafka.TopicSetup";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT.substring(0, ROOT.length() - 1));

    @Test
    void classes_ofEveryModule_wereLoaded() {
        Set<String> loaded = CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(type -> type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(loaded).containsExactlyInAnyOrderElementsOf(MODULES);
    }

    @Test
    void protocol_dependsOnNothingOfOurs() {
        noClasses()
                .that(resideInAPackage(ROOT + "protocol.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages(without("protocol"))))
                .check(CLASSES);
    }

    @Test
    void stages_doNotKnowOneAnotherNorDeploy() {
        for (String stage : STAGES) {
            noClasses()
                    .that(resideInAPackage(ROOT + stage + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(packages(without("protocol", stage))))
                    .check(CLASSES);
        }
    }

    @Test
    void whatReadersShare_doesNotKnowThem() {
        noClasses()
                .that(resideInAnyPackage(ROOT + "ingest.source..", ROOT + "ingest.metric.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        ROOT + "ingest.text..",
                        ROOT + "ingest.files..",
                        ROOT + "ingest.wandb..",
                        ROOT + "ingest.tensorboard..",
                        ROOT + "ingest.losscast..",
                        ROOT + "ingest.watch.."))
                .check(CLASSES);
    }

    @Test
    void purePackages_useNoKafkaNoReactorNoClock() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "reactor..", "io.netty.."))
                .orShould()
                .dependOnClassesThat(are(name("java.time.Clock")))
                .orShould()
                .callMethodWhere(call(System.class, "currentTimeMillis", "nanoTime"))
                .orShould()
                .callMethodWhere(target("java.time\\..*", "now"))
                .orShould()
                .callMethodWhere(call(Math.class, "random"))
                .orShould()
                .callMethodWhere(target("java.util.UUID", "randomUUID"))
                .because("the same events must give the same bytes")
                .check(CLASSES);
    }

    @Test
    void commonsMath_staysBehindTheSolvers() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "fitter.solve..", ROOT + "fitter.interval..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.commons.math3.."))
                .check(CLASSES);
        methods()
                .that()
                .areDeclaredInClassesThat(resideInAnyPackage(ROOT + "fitter.solve..", ROOT + "fitter.interval.."))
                .and()
                .doNotHaveModifier(JavaModifier.PRIVATE)
                .should(notMention("org.apache.commons.math3."))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothing_sleeps() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(MAY_SLEEP)
                .should()
                .callMethodWhere(call(Thread.class, "sleep"))
                .orShould()
                .callMethodWhere(target("java.util.concurrent.TimeUnit", "sleep"))
                .check(CLASSES);
    }

    @Test
    void flux_isSubscribedToAndWaitedForInDeployOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "deploy..", BRIDGE)
                .should()
                .callMethodWhere(target("reactor\\.core\\.publisher\\.(Flux|Mono)", "subscribe"))
                .orShould()
                .callMethodWhere(target(
                        "reactor\\.core\\.publisher\\.(Flux|Mono)",
                        "block",
                        "blockOptional",
                        "blockFirst",
                        "blockLast",
                        "toIterable",
                        "toStream"))
                .check(CLASSES);
    }

    @Test
    void packages_areNullMarkedAndSayWhatTheyAre() {
        classes()
                .that(resideInAPackage("io.straightedge.."))
                .should(new ArchCondition<>("live in a package with a @NullMarked package-info") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean marked = type.getPackage()
                                .tryGetPackageInfo()
                                .map(info -> info.isAnnotatedWith(NullMarked.class))
                                .orElse(false);
                        if (!marked) {
                            events.add(SimpleConditionEvent.violated(type, type.getName() + " does not"));
                        }
                    }
                })
                .check(CLASSES);
    }

    private static List<String> without(String... names) {
        return MODULES.stream()
                .filter(module -> !List.of(names).contains(module))
                .toList();
    }

    private static String[] packages(List<String> modules) {
        return modules.stream().map(module -> ROOT + module + "..").toArray(String[]::new);
    }

    private static DescribedPredicate<JavaCall<?>> call(Class<?> type, String... methods) {
        return target(type.getName(), methods);
    }

    private static DescribedPredicate<JavaCall<?>> target(String typePattern, String... methods) {
        return JavaAccess.Predicates.target(nameMatching(String.join("|", methods)))
                .and(JavaAccess.Predicates.target(owner(nameMatching(typePattern))))
                .forSubtype();
    }

    private static ArchCondition<JavaMethod> notMention(String prefix) {
        return new ArchCondition<>("not have " + prefix + " in its signature") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean visible = method.getModifiers().contains(JavaModifier.PUBLIC)
                        || method.getModifiers().contains(JavaModifier.PROTECTED);
                Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                        .filter(type -> visible && type.getName().startsWith(prefix))
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " has " + type.getName() + " in its signature")));
            }
        };
    }
}
