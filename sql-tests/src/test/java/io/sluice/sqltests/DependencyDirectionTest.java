package io.sluice.sqltests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: flight-server, planner, engine, connectors. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyDirectionTest {
  private static final String[] OUTSIDE = {
    "org.apache.calcite..", "org.apache.arrow.flight..", "org.apache.iceberg..", "com.hazelcast.."
  };

  @ArchTest
  static final ArchRule ENGINE =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(OUTSIDE)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sluice.planner..", "io.sluice.connectors..", "io.sluice.server..");

  @ArchTest
  static final ArchRule PLANNER =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.planner..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.arrow.flight..",
              "org.apache.iceberg..",
              "com.hazelcast..",
              "io.sluice.connectors..",
              "io.sluice.server..");

  @ArchTest
  static final ArchRule CONNECTORS =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.connectors..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.calcite..",
              "org.apache.arrow.flight..",
              "io.sluice.planner..",
              "io.sluice.server..");

  @ArchTest
  static final ArchRule HAZELCAST =
      noClasses()
          .that()
          .resideInAPackage("io.sluice..")
          .and()
          .resideOutsideOfPackage("io.sluice.connectors.hazelcast..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hazelcast..");

  @ArchTest
  static final ArchRule NO_HADOOP_FILE_SYSTEM =
      noClasses()
          .that()
          .resideInAPackage("io.sluice..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.hadoop.fs.FileSystem")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.hadoop.security.UserGroupInformation");
}
