package io.github.portpool.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What Maven gives to an application that depends on this jar. */
class DependenciesTest {
  private static final String SHIPPED = "/project/dependencies/dependency[not(scope='test')]";

  @Test
  void nothingComesAlong() throws Exception {
    assertEquals(List.of(), artifacts(SHIPPED + "[not(optional='true')]/artifactId"));
    assertTrue(artifacts(SHIPPED + "/artifactId").contains("picocli"));
  }

  private static List<String> artifacts(String path) throws Exception {
    Document pom =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse("pom.xml");
    XPath xpath = XPathFactory.newDefaultInstance().newXPath();
    NodeList found = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
    return IntStream.range(0, found.getLength())
        .mapToObj(index -> found.item(index).getTextContent())
        .toList();
  }
}
