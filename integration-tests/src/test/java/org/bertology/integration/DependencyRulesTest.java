package org.bertology.integration;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.google.inject.Module;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** Which module may know which: the module table of the architecture, executable. */
@AnalyzeClasses(packages = "org.bertology", importOptions = DependencyRulesTest.MainClasses.class)
final class DependencyRulesTest {
  private static final String API = "org.bertology.api..";
  private static final String CORE = "org.bertology.core..";
  private static final String TOKENIZE = "org.bertology.core.tokenize..";
  private static final String CLI = "org.bertology.cli..";
  private static final String GUICE = "com.google.inject..";
  private static final String[] BACKENDS = {
    "org.bertology.djl..", "org.bertology.onnx..", "org.bertology.tensorflow.."
  };
  private static final String[] ENGINES = {"ai.djl..", "ai.onnxruntime..", "org.tensorflow.."};

  /** DJL's tokenizers are a library of their own, with what they share with DJL's engines. */
  private static final String[] TOKENIZER_LIBRARY = {
    "ai.djl.huggingface.tokenizers..", "ai.djl.util.."
  };

  @ArchTest
  static final ArchRule theApiDependsOnNothingButJavaSlf4jAndJspecify =
      classes()
          .that()
          .resideInAPackage(API)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(API, "java..", "org.slf4j..", "org.jspecify..");

  @ArchTest
  static final ArchRule theCoreSeesNoEngineAndNoBackend =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ENGINES)
                  .and(resideOutsideOfPackages(TOKENIZER_LIBRARY))
                  .or(resideInAnyPackage(BACKENDS)));

  @ArchTest
  static final ArchRule onlyTheTokenizersUseTheTokenizerLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackages(TOKENIZE, "org.bertology.djl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule onlyItsBackendSeesOnnxRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.bertology.onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule onlyThreeClassesSeeTheInsideOfDjlsEngine =
      noClasses()
          .that(not(simpleNameStartingWith("Torch").and(resideInAPackage("org.bertology.djl.."))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl.pytorch..");

  @ArchTest
  static final ArchRule onlyItsBackendSeesTensorFlow =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.bertology.tensorflow..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..", "org.bytedeco..");

  @ArchTest
  static final ArchRule theCoreAndBackendsUseGuiceOnlyInTheirModules =
      noClasses()
          .that(resideInAPackage(CORE).or(resideInAnyPackage(BACKENDS)))
          .and()
          .areNotAssignableTo(Module.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GUICE);

  /** TensorFlow itself has one pool of threads per process, whose size must be known. */
  @ArchTest
  static final ArchRule nothingStaticChanges =
      fields()
          .that()
          .areStatic()
          .and()
          .areNotDeclaredIn("org.bertology.tensorflow.EngineProcess")
          .should()
          .beFinal();

  @ArchTest
  static final ArchRule theCommandLineKnowsOnlyTheModuleOfABackend =
      noClasses()
          .that()
          .resideInAPackage(CLI)
          .should()
          .dependOnClassesThat(resideInAnyPackage(BACKENDS).and(not(assignableTo(Module.class))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule backendsKnowNothingButTheApi =
      noClasses()
          .that()
          .resideInAnyPackage(BACKENDS)
          .should()
          .dependOnClassesThat(resideInAPackage(CORE).or(resideInAPackage(CLI)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule thePackagesOfTheApiFormNoCycle =
      slices().matching("org.bertology.api.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule thePackagesOfTheCoreFormNoCycle =
      slices().matching("org.bertology.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .that()
          .resideInAPackage("org.bertology..")
          .should(
              new ArchCondition<>("live in a @NullMarked package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                  String message = "%s has no package-info with @NullMarked";
                  events.add(
                      new SimpleConditionEvent(
                          type, marked, message.formatted(type.getPackageName())));
                }
              });

  /** The classes of the modules, without those of their tests. */
  static final class MainClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
